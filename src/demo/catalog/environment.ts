import { api, type DemoPackage, file, page } from "./form.ts";

export const environment: readonly DemoPackage[] = [
  {
    name: "air-quality-hourly",
    title: "Air quality, hourly",
    notes:
      "Hourly means of nitrogen dioxide, ozone, PM10 and PM2.5 from the six fixed stations. Values of the last three months are provisional and can change when the instruments have been calibrated. The station at Brickfields School moved forty meters in August 2023; the series is continued under the same number.",
    owner: "environment-department",
    groups: ["environment", "health-and-safety"],
    tags: ["air quality", "sensors", "real time", "health"],
    page: "https://environment.portellery.example/air",
    maintainer: ["Municipal laboratory", "laboratory@portellery.example"],
    created: "2015-10-12",
    extras: { update_frequency: "hourly", quality: "provisional for three months" },
    resources: [
      file("air/hourly-2026.csv", "2026 to date"),
      file("air/hourly-2011-2025.zip", "2011 to 2025", "One CSV file for each station and year."),
      file("air/stations.geojson", "Stations"),
      api("air/latest", "Latest readings"),
    ],
  },
  {
    name: "noise-map",
    title: "Noise map 2022",
    notes:
      "Noise from road, rail, industry and the port, as day-evening-night and night levels on a ten-meter grid. Modeled from traffic counts, not measured; the report says how well the model fits forty measured points. The next map is due in 2027.",
    owner: "environment-department",
    groups: ["environment"],
    tags: ["noise", "maps", "health"],
    version: "2022",
    created: "2022-12-19",
    extras: { update_frequency: "every five years", resolution: "10 m" },
    resources: [
      file("noise/lden-2022.geojson", "Day-evening-night level, contours"),
      file("noise/lnight-2022.geojson", "Night level, contours"),
      file("noise/grid-2022.zip", "Grid", "GeoTIFF, both levels."),
      file("noise/report-2022.pdf", "Report"),
    ],
  },
  {
    name: "waste-collection-calendar",
    title: "Waste collection calendar",
    notes:
      "Which bin is collected on which day in which street: residual waste, paper, glass, garden waste. Holidays shift collections to the Saturday before, except in Old Quay, where narrow streets are served on foot. The calendar for the coming year appears in the first week of November.",
    owner: "environment-department",
    groups: ["environment", "places-and-people"],
    tags: ["waste", "recycling", "calendar"],
    license: "cc-zero",
    maintainer: ["Waste line", "waste@portellery.example"],
    created: "2016-11-07",
    extras: { update_frequency: "yearly" },
    resources: [
      file("waste/calendar-2026.csv", "Calendar 2026"),
      file("waste/calendar-2027.csv", "Calendar 2027"),
      api("waste/next", "Next collection at an address", "Give the address number as `address`."),
    ],
  },
  {
    name: "recycling-points",
    title: "Recycling points",
    notes:
      "Bottle banks, clothes containers, the two recycling yards and the drop-off boat that visits the houseboats on the Ell. Opening hours are given for the yards. Fill levels are reported by sensors in the glass containers only.",
    owner: "environment-department",
    groups: ["environment"],
    tags: ["recycling", "waste", "maps", "sensors"],
    created: "2017-02-13",
    extras: { update_frequency: "weekly" },
    resources: [
      file("waste/recycling-points.geojson", "Recycling points"),
      file("waste/recycling-points.csv", "The same as a table"),
    ],
  },
  {
    name: "waste-tonnage",
    title: "Waste and recycling tonnage",
    notes:
      "Tonnes collected by month, kind and collection district since 2010. From 2019 on garden waste is weighed separately; before that it is part of compostable waste. Figures are net of sorting residue, so they differ from what the county reports.",
    owner: "environment-department",
    groups: ["environment", "government"],
    tags: ["waste", "recycling", "statistics"],
    created: "2016-06-20",
    extras: { update_frequency: "monthly" },
    resources: [
      file("waste/tonnage.csv", "Tonnage by month and district"),
      file("waste/tonnage.xlsx", "The same with yearly sums"),
    ],
  },
  {
    name: "river-levels",
    title: "River Ell: levels and flow",
    notes:
      "Water level and flow at four gauges, every fifteen minutes. The gauge at Weir Lane is the one that triggers flood warnings: yellow above 2.40 meters, red above 2.95. Readings are raw; the checked series follows a year later.",
    owner: "environment-department",
    groups: ["environment", "health-and-safety"],
    tags: ["water", "floods", "sensors", "real time"],
    maintainer: ["Flood desk", "floods@portellery.example"],
    created: "2016-01-25",
    extras: { update_frequency: "every 15 minutes", datum: "Port Ellery chart datum" },
    resources: [
      file("water/river-levels-raw.csv", "Last 30 days, raw"),
      file("water/river-levels-checked.csv", "Checked series since 1998"),
      api("water/levels", "Latest level by gauge"),
      file("water/gauges.geojson", "Gauges"),
    ],
  },
  {
    name: "flood-hazard-zones",
    title: "Flood hazard zones",
    notes:
      "Areas under water in a flood of the ten-, hundred- and five-hundred-year kind, from river and sea together, with depth classes. Made for planning, not for telling whether one house will be wet. The sea wall at Saltmarsh, finished in 2024, is taken into account; the one at Old Quay is not built yet.",
    owner: "planning-office",
    groups: ["environment", "places-and-people"],
    tags: ["floods", "maps", "climate", "land use"],
    version: "3.1",
    created: "2018-09-10",
    extras: { update_frequency: "irregular", scale: "1:5000" },
    resources: [
      file("floods/zones.gpkg", "Zones with depth classes"),
      file("floods/zones.geojson", "Zones, outlines only"),
      file("floods/method.pdf", "How the zones were made"),
    ],
  },
  {
    name: "urban-heat",
    title: "Urban heat: summer surface temperatures",
    notes:
      "Surface temperature on cloudless summer afternoons, from satellite passes between 2018 and 2025, averaged on a thirty-meter grid. Roofs show hotter than the street below them, which is why the map is read together with the tree register. Cool places open to everyone are listed in a second file.",
    owner: "environment-department",
    groups: ["environment", "health-and-safety"],
    tags: ["climate", "heat", "maps", "health"],
    created: "2023-06-05",
    extras: { update_frequency: "yearly", resolution: "30 m" },
    resources: [
      file("heat/surface-temperature.zip", "Grid", "GeoTIFF."),
      file("heat/cool-places.geojson", "Cool places"),
      page("https://environment.portellery.example/heat", "Story: the hottest bus stop in town"),
    ],
  },
  {
    name: "municipal-energy-use",
    title: "Energy use of municipal buildings",
    notes:
      "Electricity, gas and district heat used by 312 municipal buildings each month. Meter readings are automatic since 2021 and monthly by hand before. Buildings that were sold stay in the table until the month of sale.",
    owner: "environment-department",
    groups: ["environment", "government"],
    tags: ["energy", "climate", "buildings", "statistics"],
    created: "2019-03-18",
    extras: { update_frequency: "monthly", buildings: "312" },
    resources: [
      file("energy/use-by-building.csv", "Use by building and month"),
      file("energy/buildings.csv", "Buildings", "Floor area, year built, kind of heating."),
    ],
  },
];
