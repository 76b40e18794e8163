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
 * 简体中文。一物一词：运单（shipment）、货件（handling unit）、配送日（service day）、截单时间（cut-off）、拼车池（pool）、
 * 分摊额（share）、节省（saving）、集散仓（hub）、线路（route）、站点（stop）、分摊（split）、成员（member）、
 * 协调员（coordinator）、方案（plan）、订单号（client reference）。
 */
export const zh: Catalogue = {
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
