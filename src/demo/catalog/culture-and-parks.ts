import { api, type DemoPackage, file, page } from "./form.ts";

export const cultureAndParks: readonly DemoPackage[] = [
  {
    name: "street-trees",
    title: "Tree register",
    notes:
      "The 31,700 trees in streets and parks: species, year planted, girth, crown, and the next inspection. Trees on private ground are not in the register, however tall. Every tree has a number on a small green plate; it is the key of the table and is never given out again.",
    owner: "parks-and-culture",
    groups: ["environment", "places-and-people"],
    tags: ["trees", "parks", "maps", "climate"],
    maintainer: ["Tree officer", "trees@portellery.example"],
    created: "2016-03-21",
    extras: { update_frequency: "weekly", trees: "31700" },
    resources: [
      file("parks/trees.csv", "Trees"),
      file("parks/trees.geojson", "Trees on the map"),
      file("parks/trees-felled.csv", "Trees felled since 2016, with the reason"),
    ],
  },
  {
    name: "parks-and-playgrounds",
    title: "Parks and playgrounds",
    notes:
      "Outlines of the city's 74 parks and the playgrounds in them, with equipment, age group, toilets, drinking water and shade. Dog meadows are areas of their own. The paddling pool on Lantern Hill runs from June to August.",
    owner: "parks-and-culture",
    groups: ["places-and-people"],
    tags: ["parks", "playgrounds", "maps", "accessibility"],
    created: "2016-03-21",
    extras: { update_frequency: "monthly" },
    resources: [
      file("parks/parks.geojson", "Parks"),
      file("parks/playgrounds.geojson", "Playgrounds"),
    ],
  },
  {
    name: "drinking-fountains",
    title: "Drinking fountains and public toilets",
    notes:
      "Where to drink and where to go. Fountains are turned off from November to March, except the three that are heated. Toilets are given with hours, price and whether there is a changing table.",
    owner: "parks-and-culture",
    groups: ["places-and-people", "health-and-safety"],
    tags: ["water", "accessibility", "maps", "heat"],
    license: "cc-zero",
    created: "2018-06-11",
    extras: { update_frequency: "weekly" },
    resources: [
      file("parks/fountains.geojson", "Drinking fountains"),
      file("parks/toilets.geojson", "Public toilets"),
    ],
  },
  {
    name: "library-loans",
    title: "Library loans",
    notes:
      "Loans, renewals and reservations by title, branch and month at the six branches and the book tram. Readers are never part of the data. Titles lent fewer than five times in a year are summed by subject.",
    owner: "parks-and-culture",
    groups: ["places-and-people"],
    tags: ["libraries", "books", "statistics"],
    maintainer: ["City Library", "library@portellery.example"],
    created: "2018-02-19",
    extras: { update_frequency: "monthly", branches: "6" },
    resources: [
      file("library/loans-2026.csv", "Loans in 2026"),
      file("library/loans-2015-2025.zip", "2015 to 2025"),
      file("library/branches.csv", "Branches and opening hours"),
    ],
  },
  {
    name: "museum-collection",
    title: "Collection of the City Museum",
    notes:
      "Catalog records of 86,000 objects, from ship models to tram tickets, with photographs where the rights allow it. Records are in the words of those who wrote them, some a century ago; terms that give offense are marked and kept. New records are added as boxes are opened.",
    owner: "parks-and-culture",
    groups: ["places-and-people"],
    tags: ["museums", "history", "ships"],
    license: "cc-zero",
    created: "2019-05-13",
    extras: { update_frequency: "monthly", objects: "86000" },
    resources: [
      file("museum/objects.json", "Object records", "JSON lines, about 140 MB."),
      api("museum/oai", "Harvest with OAI-PMH"),
      page("https://museum.portellery.example/collection", "Browse the collection"),
    ],
  },
  {
    name: "historic-photographs",
    title: "Historic photographs of the harbor",
    notes:
      "2,300 glass negatives from the studio of Ada Thorne, who photographed the waterfront from 1889 to 1921. Each has been scanned, dated as well as can be, and placed on the map by volunteers. Corrections are welcome and are credited.",
    owner: "parks-and-culture",
    groups: ["harbor-and-coast", "places-and-people"],
    tags: ["history", "museums", "photographs", "ships"],
    license: "cc-zero",
    created: "2021-10-04",
    extras: { update_frequency: "irregular", photographer: "Ada Thorne (1861–1934)" },
    resources: [
      file("museum/thorne.csv", "List of photographs"),
      file("museum/thorne.geojson", "Where they were taken"),
      file("museum/thorne-small.zip", "Images, 1,200 pixels wide"),
    ],
  },
  {
    name: "events-calendar",
    title: "Events calendar",
    notes:
      "Concerts, markets, guided walks and festivals that the city runs or supports. Organizers enter their own events, and an editor looks at each before it appears. Canceled events stay in the calendar, marked, until their day has passed.",
    owner: "parks-and-culture",
    groups: ["places-and-people"],
    tags: ["events", "calendar", "markets"],
    created: "2017-09-25",
    extras: { update_frequency: "hourly" },
    resources: [
      api("events/upcoming", "Upcoming events", "JSON, or iCalendar with `format=ics`."),
      file("events/archive.csv", "Past events since 2017"),
    ],
  },
];
