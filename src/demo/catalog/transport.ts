import { api, type DemoPackage, file, page } from "./form.ts";

export const transport: readonly DemoPackage[] = [
  {
    name: "transit-timetables-gtfs",
    title: "Bus, tram and ferry timetables",
    notes:
      "Scheduled services of all Ellery Transit routes in the General Transit Feed Specification. A new feed comes out at least two weeks before each timetable change, normally in June and December. School-day services carry their own calendar, because the city's school holidays differ from those of the county. Stop 4410 (Ropewalk) is served from the temporary platform on Chandler Street until the tunnel works end.",
    owner: "ellery-transit",
    groups: ["mobility"],
    tags: ["public transport", "timetables", "GTFS", "ferries"],
    page: "https://transit.portellery.example/developers",
    version: "2026-2",
    maintainer: ["Timetable desk", "timetables@transit.portellery.example"],
    created: "2016-03-14",
    extras: { update_frequency: "twice a year", spatial_coverage: "Port Ellery and Wick" },
    resources: [
      file("transit/gtfs-current.zip", "Current feed", "Valid until 12 December 2026."),
      file("transit/gtfs-next.zip", "Next feed", "Published when the next timetable is settled."),
      page("https://transit.portellery.example/developers/gtfs", "Notes for developers"),
    ],
  },
  {
    name: "transit-live-vehicles",
    title: "Live vehicle positions",
    notes:
      "Where each bus, tram and ferry is, refreshed every fifteen seconds. Positions come from the vehicles' own radios, so a vehicle in the harbor tunnel keeps its last known place until it comes out again. Please cache answers for ten seconds; clients that ask more often are slowed down.",
    owner: "ellery-transit",
    groups: ["mobility"],
    tags: ["public transport", "real time", "GTFS"],
    maintainer: ["Control room", "control@transit.portellery.example"],
    created: "2019-09-02",
    extras: { update_frequency: "every 15 seconds", access: "no key needed" },
    resources: [
      api("transit/vehicles.pb", "GTFS Realtime", "Protocol buffers."),
      api("transit/vehicles.json", "The same as JSON"),
    ],
  },
  {
    name: "transit-ridership-by-stop",
    title: "Boardings and alightings by stop",
    notes:
      "Average weekday boardings and alightings at each stop and hour, estimated from automatic counters in about a third of the fleet. Figures are rounded to five to protect passengers at little-used stops. The months from March to June 2020 are published, but are not comparable with any other period.",
    owner: "ellery-transit",
    groups: ["mobility"],
    tags: ["public transport", "passengers", "statistics"],
    maintainer: ["Imre Kallas", "imre.kallas@transit.portellery.example"],
    created: "2017-05-22",
    extras: { update_frequency: "monthly", method: "automatic passenger counters" },
    resources: [
      file("transit/ridership-2026.csv", "2026 to date"),
      file("transit/ridership-2025.csv", "2025"),
      file("transit/ridership-2016-2024.zip", "2016 to 2024", "One CSV file for each year."),
      file("transit/ridership-method.pdf", "How the figures are estimated"),
    ],
  },
  {
    name: "cycle-counters",
    title: "Bicycle counters",
    notes:
      "Hourly counts from 23 induction loops in cycle paths. The loop on Tanner's Bridge also counts pedestrians, using a separate infrared sensor. Counters fail now and then, mostly after road works; hours without a reading are left empty rather than set to zero.",
    owner: "ellery-transit",
    groups: ["mobility", "environment"],
    tags: ["cycling", "traffic counts", "sensors"],
    created: "2018-04-30",
    extras: { update_frequency: "daily", sensors: "23" },
    resources: [
      file("cycling/counts.csv", "Hourly counts"),
      file("cycling/counters.geojson", "Where the counters are"),
      api("cycling/counts", "Query by counter and day"),
    ],
  },
  {
    name: "cycle-network",
    title: "Cycle network",
    notes:
      "Cycle tracks, lanes and quiet streets as a routable network, with width, surface and lighting. Segments planned for the next two years are included and marked as such. Surveyed by bicycle every spring by volunteers of the Ellery Wheelers, to whom thanks are due.",
    owner: "ellery-transit",
    groups: ["mobility"],
    tags: ["cycling", "roads", "maps"],
    license: "odc-odbl",
    created: "2018-04-30",
    extras: { update_frequency: "yearly", spatial_coverage: "Port Ellery" },
    resources: [
      file("cycling/network.geojson", "Network"),
      file("cycling/network.gpkg", "Network for desktop GIS"),
      file("cycling/map-2026.pdf", "Printed map", "Two sheets, A2."),
    ],
  },
  {
    name: "parking-garages",
    title: "Parking garages and free spaces",
    notes:
      "The eleven municipal garages with entrances, height limits, tariffs and charging points, and the number of spaces free right now. Private garages report voluntarily; where a figure is missing the operator does not take part.",
    owner: "ellery-transit",
    groups: ["mobility"],
    tags: ["parking", "real time", "electric vehicles"],
    created: "2017-11-06",
    extras: { update_frequency: "every minute" },
    resources: [
      file("parking/garages.csv", "Garages and tariffs"),
      api("parking/free", "Free spaces now", "JSON, one entry for each garage."),
    ],
  },
  {
    name: "road-traffic-counts",
    title: "Road traffic counts",
    notes:
      "Vehicles by class and hour at 140 points of the road network. Sixteen points are counted all year round, the others for two weeks every third year. Speeds are published for the permanent points only.",
    owner: "planning-office",
    groups: ["mobility"],
    tags: ["traffic counts", "roads", "statistics"],
    created: "2015-10-12",
    extras: { update_frequency: "quarterly", first_year: "2009" },
    resources: [
      file("roads/counts-permanent.csv", "Permanent points, hourly"),
      file("roads/counts-survey.csv", "Survey points, two weeks each"),
      file("roads/count-points.geojson", "Count points"),
    ],
  },
  {
    name: "road-works",
    title: "Road works and closures",
    notes:
      "Works that need a permit on a public street: who digs, where, from when to when, and what it closes. Emergency repairs appear within an hour of being reported. Dates are the permitted ones; works that run over are corrected the next morning.",
    owner: "planning-office",
    groups: ["mobility", "places-and-people"],
    tags: ["roads", "real time", "permits"],
    maintainer: ["Street permits", "street.permits@portellery.example"],
    created: "2020-02-17",
    extras: { update_frequency: "hourly" },
    resources: [
      file("roads/works.geojson", "Current and announced works"),
      file("roads/works-archive.csv", "Finished works since 2020"),
    ],
  },
];
