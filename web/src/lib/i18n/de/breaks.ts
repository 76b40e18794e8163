import type { breaks as english } from "../en/breaks";
import type { Words } from "../catalogue";

/** Breaks of drivers. */
export const breaks: Words<typeof english> = {
  "breaks.title": "Lenkpausen",
  "breaks.lead": "Fahrpersonal macht Pause, wie es der Cluster mit seiner Planung festgelegt hat, außer ein Fahrzeugtyp hat eigene Pausen. Es gilt für Pläne ab jetzt.",
  "breaks.rule": "Regel",
  "breaks.rule.none": "Keine Pausen",
  "breaks.rule.own": "Zu eigenen Zeiten",
  "breaks.rule.eu_561": "Europäische Union: 45 min nach 4 h 30",
  "breaks.rule.vn_36_2024": "Vietnam: 15 min nach 4 h",
  "breaks.rule.cn_405_2004": "China: 20 min nach 4 h",
  "breaks.one": "{span} zwischen {opens} und {closes}",
  "breaks.opens": "Beginnt frühestens",
  "breaks.closes": "Spätestens",
  "breaks.minutes": "Minuten",
  "breaks.add": "Noch eine Pause",
  "breaks.drop": "Entfernen",
  "breaks.drop.of": "Pause {n} entfernen",
  "breaks.law": "Eine Pause von {lasts} nach höchstens {after} am Steuer; der Plan zählt alle Zeit seit Schichtbeginn oder der Pause davor, damit das sicher eingehalten wird.",
  "breaks.source": "{source}, in Kraft seit {day}, nachgesehen am {checked}.",
  "breaks.unseen": "Stunden je Tag und Woche werden nicht geprüft.",
  "breaks.home": "Das Recht im Land Ihres Clusters: {rule} ({source}).",
  "breaks.take": "Übernehmen",
  "breaks.no": "Pausen werden nicht geplant",
  "breaks.as.cluster": "Wie im Cluster festgelegt",
  "breaks.shift": "Schicht {from} bis {to}",
  "action.rest": "Pause",
  "timeline.rests": ", macht {span} Pause",
  "code.breaks_overlap": "Pausen stehen der Reihe nach, und jede muss beginnen können, wenn die davor vorbei ist.",
};
