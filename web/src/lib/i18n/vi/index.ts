import type { Catalogue } from "../catalogue";
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
 * Tiếng Việt. Mỗi khái niệm một từ: lô hàng (shipment), kiện (handling unit), ngày vận chuyển (service day), giờ chốt
 * (cut-off), chuyến ghép (pool), phần phải trả (share), khoản tiết kiệm (saving), kho trung chuyển (hub), tuyến (route),
 * điểm dừng (stop), chia chi phí (split), thành viên (member), điều phối viên (coordinator), kế hoạch (plan), mã đơn hàng
 * (client reference).
 */
export const vi: Catalogue = {
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
