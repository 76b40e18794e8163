import { account } from "./account";
import { breaks } from "./breaks";
import { amendments } from "./amendments";
import { columns } from "./columns";
import { connections } from "./connections";
import { core } from "./core";
import { desk } from "./desk";
import { dispatch } from "./dispatch";
import { exceptions } from "./exceptions";
import { figures } from "./figures";
import { firm } from "./firm";
import { hands } from "./hands";
import { freight } from "./freight";
import { haul } from "./haul";
import { load } from "./load";
import { member } from "./member";
import { office } from "./office";
import { pages } from "./pages";
import { said } from "./said";
import { space } from "./space";
import { tenders } from "./tenders";
import { views } from "./views";
import { words } from "./words";

/**
 * The English catalogue, which says what keys there are. `{names}` are filled in; a plural is chosen by `n`.
 *
 * One word for one thing: shipment (what a member books), handling unit (a box, pallet ... of it), service day (the day
 * that is planned together), cut-off (the end of bookings for it), the pool (all members' shipments of a service day),
 * share (what a member pays of a day's cost), saving (stand-alone cost less share), hub, route, stop, split.
 */
export const en = {
  ...core,
  ...words,
  ...amendments,
  ...columns,
  ...connections,
  ...desk,
  ...dispatch,
  ...exceptions,
  ...figures,
  ...hands,
  ...freight,
  ...haul,
  ...load,
  ...space,
  ...tenders,
  ...views,
  ...account,
  ...member,
  ...pages,
  ...firm,
  ...office,
  ...said,
  ...breaks,
};
