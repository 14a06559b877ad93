import { api, type DemoPackage, file, page } from "./form.ts";

export const peopleAndSafety: readonly DemoPackage[] = [
  {
    name: "population-by-neighborhood",
    title: "Population by neighborhood",
    notes:
      "Residents on 1 January by neighborhood, five-year age group and sex, from the population register. Cells below five are shown as `<5`. Students count where they are registered, which is often at their parents' home.",
    owner: "city-clerk",
    groups: ["places-and-people"],
    tags: ["population", "statistics", "boundaries"],
    license: "cc-zero",
    created: "2015-10-26",
    extras: { update_frequency: "yearly", reference_day: "1 January" },
    resources: [
      file("population/by-neighborhood.csv", "1995 to 2026"),
      file("population/forecast-2045.xlsx", "Forecast to 2045", "Three variants."),
    ],
  },
  {
    name: "first-names",
    title: "First names of newborn children",
    notes:
      "First names given to children registered in Port Ellery, with how often, for each year since 1979. Names given fewer than three times are left out. Spelling is kept as registered, so Zoë and Zoe are two names.",
    owner: "city-clerk",
    groups: ["places-and-people"],
    tags: ["population", "names", "history"],
    license: "cc-zero",
    created: "2016-12-12",
    extras: { update_frequency: "yearly" },
    resources: [file("population/first-names.csv", "Names by year")],
  },
  {
    name: "schools",
    title: "Schools and kindergartens",
    notes:
      "Public and private schools and kindergartens with address, languages, number of pupils and whether a wheelchair gets in. Numbers are those of the first of October. Catchment areas apply to public primary schools only.",
    owner: "city-clerk",
    groups: ["places-and-people"],
    tags: ["schools", "accessibility", "maps"],
    maintainer: ["School administration", "schools@portellery.example"],
    created: "2016-08-22",
    extras: { update_frequency: "yearly" },
    resources: [
      file("schools/schools.csv", "Schools"),
      file("schools/kindergartens.csv", "Kindergartens"),
      file("schools/catchment-areas.geojson", "Catchment areas"),
    ],
  },
  {
    name: "kitchen-inspections",
    title: "Kitchen inspections",
    notes:
      "Results of food safety inspections in restaurants, canteens and market stalls, with the points that were found wanting. An establishment is inspected every one to three years, depending on risk. Results stay online for three years; after a change of owner they are removed.",
    owner: "public-health",
    groups: ["health-and-safety"],
    tags: ["inspections", "food", "health"],
    maintainer: ["Food safety", "food.safety@health.portellery.example"],
    created: "2017-03-06",
    extras: { update_frequency: "daily" },
    resources: [
      file("health/inspections.csv", "Inspections of the last three years"),
      file("health/inspection-points.pdf", "What the inspectors look at"),
    ],
  },
  {
    name: "vaccination-coverage",
    title: "Vaccination coverage of children",
    notes:
      "Share of children at school entry who have had the recommended vaccinations, by district and year. Based on the vaccination cards shown at the examination; about seven in a hundred children bring none and are left out. Districts with fewer than thirty children are joined with a neighbor.",
    owner: "public-health",
    groups: ["health-and-safety"],
    tags: ["health", "vaccination", "statistics"],
    created: "2018-10-08",
    extras: { update_frequency: "yearly" },
    resources: [file("health/vaccination.csv", "Coverage by district and year")],
  },
  {
    name: "health-services",
    title: "Doctors, pharmacies and health centers",
    notes:
      "Practices that see patients under the public scheme, pharmacies with their night duty, and the four neighborhood health centers. Languages spoken are as the practices state them. Night duty is set three months ahead and can change at short notice.",
    owner: "public-health",
    groups: ["health-and-safety", "places-and-people"],
    tags: ["health", "accessibility", "calendar"],
    created: "2016-11-21",
    extras: { update_frequency: "weekly" },
    resources: [
      file("health/practices.csv", "Practices"),
      file("health/pharmacies.geojson", "Pharmacies"),
      api("health/night-duty", "Pharmacies open tonight"),
    ],
  },
  {
    name: "fire-incidents",
    title: "Fire and rescue incidents",
    notes:
      "Calls that the fire service went out to: kind, time, neighborhood, which stations came and how long it took. Places are moved to the nearest crossing. Medical calls are counted, not listed.",
    owner: "fire-and-rescue",
    groups: ["health-and-safety"],
    tags: ["fire service", "emergencies", "statistics"],
    maintainer: ["Watch room", "watch@fire.portellery.example"],
    created: "2017-06-26",
    extras: { update_frequency: "weekly", first_year: "2012" },
    resources: [
      file("fire/incidents.csv", "Incidents since 2012"),
      file("fire/response-times.csv", "Response times by quarter"),
      file("fire/stations.geojson", "Stations and their areas"),
    ],
  },
  {
    name: "hydrants",
    title: "Fire hydrants",
    notes:
      "The 4,120 public hydrants with type, diameter and the date of the last test. A hydrant out of order is marked the same day. Please do not park on them.",
    owner: "fire-and-rescue",
    groups: ["health-and-safety"],
    tags: ["fire service", "water", "maps"],
    license: "cc-zero",
    created: "2017-06-26",
    extras: { update_frequency: "daily", hydrants: "4120" },
    resources: [
      file("fire/hydrants.geojson", "Hydrants"),
      file("fire/hydrants.csv", "The same as a table"),
    ],
  },
  {
    name: "defibrillators",
    title: "Public defibrillators",
    notes:
      "Defibrillators that anyone may use in an emergency, with the place, the opening hours and who looks after the battery. In an emergency call 112 first: the operator sees the same list. Report a missing device at the page below.",
    owner: "fire-and-rescue",
    groups: ["health-and-safety"],
    tags: ["emergencies", "health", "maps"],
    license: "cc-zero",
    created: "2019-11-25",
    extras: { update_frequency: "weekly" },
    resources: [
      file("fire/defibrillators.geojson", "Defibrillators"),
      page("https://fire.portellery.example/defibrillators", "Report a missing device"),
    ],
  },
  {
    name: "traffic-collisions",
    title: "Traffic collisions with injuries",
    notes:
      "Collisions recorded by the police in which somebody was hurt: place, time, kinds of vehicle, how badly. Collisions that nobody reported are not known. The severity is that of thirty days later, so the last month is provisional.",
    owner: "public-health",
    groups: ["mobility", "health-and-safety"],
    tags: ["road safety", "roads", "cycling", "statistics"],
    created: "2016-06-13",
    extras: { update_frequency: "monthly", source: "county police" },
    resources: [
      file("roads/collisions.csv", "Collisions since 2011"),
      file("roads/collisions-codes.pdf", "Codes"),
    ],
  },
];
