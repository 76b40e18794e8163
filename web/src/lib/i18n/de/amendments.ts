import type { Words } from "../catalogue";
import type { amendments as english } from "../en/amendments";

export const amendments: Words<typeof english> = {
  amendments: "Änderungen Ihrer Touren",
  "amendments.was": "Jetzt",
  "amendments.would": "Künftig",
  "amendments.accept": "Zustimmen, für {price}",
  "amendments.urgent": "Es war eilig: {reason}",
  "amendments.needed": "Frachtführer müssen zustimmen, bevor sich ihre vergebenen Touren ändern.",
  "amendments.ask": "Frachtführer fragen",
  "amendments.impose": "Es eilt",
  "amendments.impose.why": "Warum es eilt",
  "amendments.impose.send": "Touren ohne Antwort ändern",
  "amendments.history": "Änderungen nach der Vergabe",
  "amendment_status.open": "Gefragt",
  "amendment_status.accepted": "Zugestimmt",
  "amendment_status.declined": "Abgelehnt",
  "amendment_status.expired": "Nicht rechtzeitig beantwortet",
  "amendment_status.withdrawn": "Nicht mehr gefragt",
  "amendment_status.imposed": "War eilig",
};
