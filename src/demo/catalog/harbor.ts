import { api, type DemoPackage, file } from "./form.ts";

export const harbor: readonly DemoPackage[] = [
  {
    name: "tide-predictions",
    title: "Tide predictions",
    notes:
      "Times and heights of high and low water at the Ell mouth and at Gull Rock, calculated two years ahead. Wind and air pressure are not part of a prediction: in a northerly gale the water stands up to half a meter higher. Not for navigation without the official tables.",
    owner: "harbor-authority",
    groups: ["harbor-and-coast"],
    tags: ["tides", "navigation", "calendar"],
    license: "cc-zero",
    maintainer: ["Harbor master's office", "harbor.master@harbor.portellery.example"],
    created: "2016-01-11",
    extras: { update_frequency: "yearly", datum: "Port Ellery chart datum" },
    resources: [
      file("harbor/tides-2026.csv", "2026"),
      file("harbor/tides-2027.csv", "2027"),
      file("harbor/tides-2026.pdf", "2026, to print"),
    ],
  },
  {
    name: "tide-gauge",
    title: "Tide gauge, measured",
    notes:
      "Sea level measured at the pilot station every six minutes since 1974. Until 1991 the values were read off paper rolls by hand; a scan of each roll can be had on request. Gaps longer than an hour are listed in a file of their own.",
    owner: "harbor-authority",
    groups: ["harbor-and-coast", "environment"],
    tags: ["tides", "sensors", "climate", "water"],
    created: "2017-08-28",
    extras: { update_frequency: "every six minutes", first_year: "1974" },
    resources: [
      file("harbor/gauge-recent.csv", "Last 90 days"),
      file("harbor/gauge-1974-2025.zip", "1974 to 2025"),
      file("harbor/gauge-gaps.csv", "Gaps in the record"),
    ],
  },
  {
    name: "berths",
    title: "Quays and berths",
    notes:
      "Every berth with its length, depth alongside, bollards and services: fresh water, shore power, cranes. Depths are those of the spring survey and are given at lowest astronomical tide. Berths 31 to 34 are reserved for the fishing fleet on weekdays until ten.",
    owner: "harbor-authority",
    groups: ["harbor-and-coast"],
    tags: ["berths", "navigation", "maps"],
    maintainer: ["Berth planning", "berths@harbor.portellery.example"],
    created: "2016-05-02",
    extras: { update_frequency: "yearly, after the spring survey" },
    resources: [
      file("harbor/berths.geojson", "Berths"),
      file("harbor/berths.csv", "The same as a table"),
      file("harbor/bollards.csv", "Bollards and their safe load"),
    ],
  },
  {
    name: "ship-movements",
    title: "Ship arrivals and departures",
    notes:
      "Ships of more than 20 meters that entered or left the harbor: name, flag, gross tonnage, last and next port, berth. Expected arrivals are listed up to five days ahead and are what agents have announced. Naval vessels and boats of the rescue service are left out.",
    owner: "harbor-authority",
    groups: ["harbor-and-coast"],
    tags: ["ships", "freight", "real time"],
    created: "2016-05-02",
    extras: { update_frequency: "every ten minutes", first_year: "2005" },
    resources: [
      api("harbor/expected", "Expected arrivals"),
      file("harbor/movements-2026.csv", "Movements in 2026"),
      file("harbor/movements-2005-2025.zip", "2005 to 2025"),
    ],
  },
  {
    name: "cargo-throughput",
    title: "Cargo throughput",
    notes:
      "Tonnes loaded and unloaded each month by kind of cargo: grain, timber, fish, stone, containers and the rest. Timber is given in cubic meters as well, as the trade has it. The grain terminal was closed from May 2022 to January 2023.",
    owner: "harbor-authority",
    groups: ["harbor-and-coast", "government"],
    tags: ["freight", "economy", "statistics"],
    created: "2016-07-18",
    extras: { update_frequency: "monthly" },
    resources: [file("harbor/cargo.csv", "Throughput by month and kind")],
  },
  {
    name: "depth-soundings",
    title: "Depth soundings of the fairway",
    notes:
      "Multibeam soundings of the fairway, the turning basin and the approach to Gull Rock, on a one-meter grid. Surveyed twice a year and after dredging. The chart of record is the national one: if the two differ, tell the harbor master.",
    owner: "harbor-authority",
    groups: ["harbor-and-coast"],
    tags: ["navigation", "maps", "water"],
    license: "other-open",
    version: "2026-04",
    created: "2020-06-08",
    extras: { update_frequency: "twice a year", resolution: "1 m" },
    resources: [
      file("harbor/soundings-2026-04.zip", "April 2026", "XYZ and GeoTIFF."),
      file("harbor/soundings-2025-10.zip", "October 2025", "XYZ and GeoTIFF."),
      file("harbor/survey-report-2026-04.pdf", "Surveyor's report"),
    ],
  },
  {
    name: "bathing-water",
    title: "Bathing water quality",
    notes:
      "Samples from the four bathing places, taken weekly from May to September: E. coli, enterococci, water temperature and visibility. After heavy rain the beach at Lamp Sands is closed as a precaution before any result is known. Results are published the day after sampling.",
    owner: "public-health",
    groups: ["harbor-and-coast", "health-and-safety"],
    tags: ["water", "beaches", "health", "inspections"],
    maintainer: ["Dr. Noor Haddad", "noor.haddad@health.portellery.example"],
    created: "2016-05-30",
    extras: { update_frequency: "weekly in summer" },
    resources: [
      file("beaches/samples.csv", "All samples since 2008"),
      file("beaches/places.geojson", "Bathing places"),
      api("beaches/today", "Open or closed today"),
    ],
  },
];
