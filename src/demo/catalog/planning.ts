import { api, type DemoPackage, file, page } from "./form.ts";

export const planning: readonly DemoPackage[] = [
  {
    name: "address-register",
    title: "Address register",
    notes:
      "Every official address with its coordinates, postal code, district and the building it belongs to. Numbers are given out by the planning office; an address exists from the day of the decision, not from the day the sign is put up. Withdrawn addresses stay in the file with their last day.",
    owner: "planning-office",
    groups: ["places-and-people"],
    tags: ["addresses", "maps", "buildings"],
    license: "cc-zero",
    maintainer: ["Address desk", "addresses@portellery.example"],
    created: "2015-10-12",
    extras: { update_frequency: "daily", coordinate_system: "EPSG:4326" },
    resources: [
      file("base/addresses.csv", "Addresses"),
      file("base/addresses.gpkg", "Addresses for desktop GIS"),
      api("base/geocode", "Geocoder", "Finds an address, forgiving misspelled streets."),
    ],
  },
  {
    name: "districts",
    title: "Districts and neighborhoods",
    notes:
      "The city's nine districts and 41 neighborhoods, as the council drew them in 2012. Statistics of the city use these boundaries unless they say otherwise. Harbor water belongs to no neighborhood and is one area of its own.",
    owner: "planning-office",
    groups: ["places-and-people", "government"],
    tags: ["boundaries", "maps"],
    license: "cc-zero",
    version: "2012",
    created: "2015-10-12",
    extras: { update_frequency: "when the council changes it" },
    resources: [
      file("base/districts.geojson", "Districts"),
      file("base/neighborhoods.geojson", "Neighborhoods"),
    ],
  },
  {
    name: "building-footprints",
    title: "Building footprints",
    notes:
      "Outlines of 58,400 buildings with height, number of floors and year built where it is known. Taken from the aerial survey of April 2024 and corrected with building permits since. Sheds under ten square meters are missing.",
    owner: "planning-office",
    groups: ["places-and-people"],
    tags: ["buildings", "maps", "aerial survey"],
    license: "odc-odbl",
    created: "2016-10-03",
    extras: { update_frequency: "monthly", survey: "April 2024" },
    resources: [
      file("base/buildings.gpkg", "Footprints"),
      file("base/buildings-height.csv", "Heights only"),
    ],
  },
  {
    name: "aerial-photographs",
    title: "Aerial photographs",
    notes:
      "True orthophotos of the whole city at eight centimeters a pixel, flown in early spring before the trees are in leaf. Older flights go back to 1938; those before 1996 are scans, and their edges do not always meet. Tiles can be used directly in web maps.",
    owner: "planning-office",
    groups: ["places-and-people"],
    tags: ["aerial survey", "maps", "history"],
    created: "2017-04-10",
    extras: { update_frequency: "every two years", resolution: "8 cm" },
    resources: [
      api("tiles/aerial-2024", "Tiles, 2024", "XYZ scheme, Web Mercator."),
      api("tiles/aerial-1938", "Tiles, 1938"),
      page("https://maps.portellery.example/aerial", "Compare the years"),
    ],
  },
  {
    name: "land-use-plan",
    title: "Land use plan 2040",
    notes:
      "What may be built where: the plan that the council adopted on 9 March 2021, with its eleven amendments. Only the signed paper plan is law; this copy is made from it with care. Amendment 12, Brickfields West, is on public display and is not included.",
    owner: "planning-office",
    groups: ["places-and-people", "government"],
    tags: ["land use", "maps", "housing"],
    version: "amendment 11",
    maintainer: ["Plan library", "plans@portellery.example"],
    created: "2021-03-29",
    extras: { update_frequency: "with each amendment", adopted: "2021-03-09" },
    resources: [
      file("plans/land-use-2040.gpkg", "Zones"),
      file("plans/land-use-2040.pdf", "The plan as adopted"),
      file("plans/land-use-2040-amendments.pdf", "Amendments 1 to 11"),
    ],
  },
  {
    name: "building-permits",
    title: "Building permits",
    notes:
      "Applications for building permits since 2010, with address, kind of work, dates and decision. Names of private applicants are left out. A permit that was granted need not have been used; completion is recorded when the final inspection has taken place.",
    owner: "planning-office",
    groups: ["places-and-people", "government"],
    tags: ["permits", "buildings", "housing"],
    created: "2016-02-22",
    extras: { update_frequency: "weekly", first_year: "2010" },
    resources: [
      file("permits/permits.csv", "Permits since 2010"),
      file("permits/permits.geojson", "Permits of the last twelve months"),
      file("permits/codes.csv", "Codes for kind of work and decision"),
    ],
  },
  {
    name: "vacant-lots",
    title: "Vacant lots and buildings",
    notes:
      "Lots without a building and buildings that have stood empty for more than a year, where the owner has agreed to be found. Made for people who look for a place to start something. Ask the planning office for the owner's contact; it is not in the file.",
    owner: "planning-office",
    groups: ["places-and-people"],
    tags: ["land use", "housing", "buildings"],
    maintainer: ["Saskia Oyelaran", "saskia.oyelaran@portellery.example"],
    created: "2022-05-16",
    extras: { update_frequency: "quarterly" },
    resources: [file("plans/vacant.geojson", "Vacant lots and buildings")],
  },
];
