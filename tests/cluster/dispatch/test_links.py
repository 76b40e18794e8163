"""Links open one thing, proofs are pictures, and a rival sees nothing of it."""

import asyncpg
import pytest
import segno

from tests.cluster.dispatch.road import Day, happened, visit

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


async def test_a_wrong_past_or_revoked_token_is_the_same_not_found(day: Day) -> None:
    client = day.world.client
    links = await day.world.coordinator.get(f"/v1/tours/{day.tour['id']}/driver-links")
    [link] = links.json()["data"]
    assert day.token not in links.text
    answers = [await client.get(f"/v1/driver/{token}/tour") for token in ("x", "A" * 32, day.token[::-1], "%00")]
    path = f"/v1/tours/{day.tour['id']}/driver-links/{link['id']}"
    assert (await day.world.coordinator.send("DELETE", path)).status_code == 204
    answers.append(await client.get(f"/v1/driver/{day.token}/tour"))
    assert [answer.status_code for answer in answers] == [404] * 5
    bodies = [{name: value for name, value in answer.json().items() if name != "request_id"} for answer in answers]
    assert bodies == bodies[:1] * 5


async def test_a_phone_that_has_the_tour_is_told_that_nothing_changed(day: Day) -> None:
    path = f"/v1/driver/{day.token}/tour"
    first = await day.world.client.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    same = await day.world.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    await day.send(happened("arrived", 1, stop_no=1))
    changed = await day.world.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


async def test_a_driver_sees_whom_to_ask_for_and_no_firm_and_no_price(day: Day) -> None:
    answer = await day.world.client.get(f"/v1/driver/{day.token}/tour")
    assert "Chi Lan" in answer.text
    assert "+84 90 123 4567" in answer.text
    for secret in (day.world.an_id, day.world.binh_id, '"Binh"', "share", "outside_minor", "cost"):
        assert secret not in answer.text


async def test_a_rival_sees_no_event_no_proof_and_no_link(day: Day) -> None:
    await day.send(visit("done", day.an_shipment, 5))
    proof = (await day.prove(PNG, signer_name="Chi Lan")).json()
    paths = [f"/v1/shipments/{day.an_shipment}/{part}" for part in ("tracking-events", "proofs", "tracking-links")]
    for path in (*paths, f"/v1/proofs/{proof['id']}/content"):
        assert (await day.world.binh.get(path)).status_code == 404
        assert (await day.world.an.get(path)).status_code == 200
    assert (await day.world.an.get(f"/v1/tours/{day.tour['id']}")).status_code == 403
    [event] = (await day.world.an.get(paths[0])).json()["data"]
    assert (event["kind"], event["stop_no"]) == ("done", None)


async def test_a_proof_is_what_its_first_bytes_say_and_comes_once(day: Day) -> None:
    first = await day.prove(PNG, "image/jpeg", event_key="k")
    assert (first.status_code, first.json()["media_type"]) == (201, "image/png")
    assert (await day.prove(PNG, event_key="k")).json() == first.json()
    content = await day.world.an.get(f"/v1/proofs/{first.json()['id']}/content")
    assert (content.content, content.headers["content-type"]) == (PNG, "image/png")
    for raw, media_type in ((b"<svg onload=alert(1)>", "image/svg+xml"), (b"GIF89a", "image/png"), (b"", "image/png")):
        answer = await day.prove(raw, media_type)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_a_picture")
    assert (await day.prove(PNG + bytes(2_000_000))).status_code == 413


async def test_a_signature_is_the_path_of_a_pen_and_nothing_else(day: Day) -> None:
    drawn = await day.prove(b"M10 20L30 40", "text/plain", kind="signature", signer_name="Chi Lan")
    picture = await day.world.an.get(f"/v1/proofs/{drawn.json()['id']}/content")
    assert b'd="M10 20L30 40"' in picture.content
    assert "sandbox" in picture.headers["content-security-policy"]
    hostile = await day.prove(b'M10 20"/><script>alert(1)</script>', "text/plain", kind="signature")
    assert hostile.status_code == 422


async def test_a_consignee_sees_when_it_comes_and_who_sends_and_nobody_else(day: Day) -> None:
    link = await day.world.an.made(f"/v1/shipments/{day.an_shipment}/tracking-link", {})
    path = f"/v1/track/{link['token']}"
    before = await day.world.client.get(path)
    tracked = before.json()
    assert (tracked["status"], tracked["sender"], tracked["consignee"]) == ("dispatched", "An", "Corner shop")
    assert tracked["eta_from"][14:16] in {"00", "15", "30", "45"}
    assert (before.headers["X-Robots-Tag"], before.headers["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    for secret in ("Market", "Lake Street", "BINH", '"Minh"', "51D", day.tour["id"], "pooled"):
        assert secret not in before.text
    await day.send(visit("done", day.an_shipment, 5))
    after = (await day.world.client.get(path)).json()
    assert (after["status"], after["eta_from"], after["events"][-1]["status"]) == ("delivered", None, "delivered")
    assert (await day.world.binh.post(f"/v1/shipments/{day.an_shipment}/tracking-link", {})).status_code == 404


async def test_a_consignee_sees_what_proves_its_own_delivery_and_no_other_picture(day: Day) -> None:
    links = {
        member: (await caller.made(f"/v1/shipments/{shipment}/tracking-link", {}))["token"]
        for member, caller, shipment in (
            ("an", day.world.an, day.an_shipment),
            ("binh", day.world.binh, day.binh_shipment),
        )
    }
    await day.send(visit("done", day.an_shipment, 5), visit("done", day.binh_shipment, 2))
    photo = (await day.prove(PNG)).json()["id"]
    drawn = await day.prove(b"M10 20L30 40", "text/plain", kind="signature", signer_name="Chi Lan")
    strange = (await day.prove(PNG + b"!", shipment_id=day.binh_shipment)).json()["id"]
    client, path = day.world.client, f"/v1/track/{links['an']}"
    proofs = (await client.get(path)).json()["proofs"]
    assert [(proof["id"], proof["kind"], proof["signer_name"]) for proof in proofs] == [
        (photo, "photo", None),
        (drawn.json()["id"], "signature", "Chi Lan"),
    ]
    picture = await client.get(f"{path}/proofs/{photo}")
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert (picture.headers["X-Robots-Tag"], picture.headers["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    unknown = f"{photo[:-1]}{'0' if photo[-1] != '0' else '1'}"
    asked = [f"{path}/proofs/{strange}", f"{path}/proofs/{unknown}", f"/v1/track/{links['binh']}/proofs/{photo}"]
    answers = [await client.get(address) for address in (*asked, f"/v1/track/{'A' * 32}/proofs/{photo}")]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert answers[0].json() | {"request_id": ""} == answers[1].json() | {"request_id": ""}
    assert strange not in (await client.get(path)).text


async def test_a_proof_of_the_pickup_is_the_members_and_not_the_consignees(day: Day) -> None:
    token = (await day.world.an.made(f"/v1/shipments/{day.an_shipment}/tracking-link", {}))["token"]
    proof = (await day.prove(PNG)).json()["id"]
    connection = await asyncpg.connect(day.world.database.owner_url)
    await connection.execute("ALTER TABLE proofs DISABLE ROW LEVEL SECURITY")
    await connection.execute("UPDATE proofs SET action = 'pickup'")  # this day has deliveries alone
    await connection.close()
    path = f"/v1/track/{token}"
    assert (await day.world.client.get(path)).json()["proofs"] == []
    assert (await day.world.client.get(f"{path}/proofs/{proof}")).status_code == 404
    assert (await day.world.an.get(f"/v1/proofs/{proof}/content")).content == PNG


async def test_a_links_qr_code_holds_its_whole_address(day: Day) -> None:
    link = await day.world.coordinator.made(f"/v1/tours/{day.tour['id']}/driver-link", {})
    assert link["qr_data_uri"].startswith("data:image/svg+xml")
    assert link["qr_data_uri"] == segno.make(
        f"http://{day.world.client.base_url.netloc.decode()}{link['path']}", micro=False, error="q"
    ).svg_data_uri(scale=4, light="white")
