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
 * Deutsch, mit Sie. Ein Wort für eine Sache: Sendung (shipment), Packstück (handling unit), Liefertag (service day),
 * Annahmeschluss (cut-off), Pool (pool), Anteil (share), Ersparnis (saving), Hub (hub), Tour (route), Stopp (stop),
 * Aufteilung (split), Mitglied (member), Koordination (coordinator), Plan (plan), Ihre Referenz (client reference).
 */
export const de: Catalogue = {
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
