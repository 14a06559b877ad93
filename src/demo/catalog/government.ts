import { api, type DemoPackage, file, page } from "./form.ts";

export const government: readonly DemoPackage[] = [
  {
    name: "city-budget",
    title: "City budget",
    notes:
      "Planned and actual income and spending by department, program and account, for each year since 2014. The plan is the one the council voted in December; what changed during the year is in the supplementary budgets. Amounts are in whole crowns, without inflation taken out.",
    owner: "city-clerk",
    groups: ["government"],
    tags: ["budget", "finance", "statistics"],
    page: "https://budget.portellery.example",
    maintainer: ["Treasurer's office", "treasurer@portellery.example"],
    created: "2015-12-14",
    extras: { update_frequency: "yearly", fiscal_year: "January to December" },
    resources: [
      file("budget/2026-plan.csv", "Plan 2026"),
      file("budget/2025-actual.csv", "Actual 2025"),
      file("budget/2014-2024.xlsx", "2014 to 2024", "Plan and actual, one sheet for each year."),
      file("budget/2026-citizens-guide.pdf", "The budget in twelve pages"),
    ],
  },
  {
    name: "payments-to-suppliers",
    title: "Payments to suppliers",
    notes:
      "Every payment over 500 crowns to a company or association: date, payee, department, amount, purpose. Payments to private persons and foster families are summed by month. Refunds appear as negative amounts in the month they were booked.",
    owner: "city-clerk",
    groups: ["government"],
    tags: ["finance", "contracts", "transparency"],
    created: "2016-04-04",
    extras: { update_frequency: "monthly", threshold: "500 crowns" },
    resources: [
      file("finance/payments-2026.csv", "2026 to date"),
      file("finance/payments-2016-2025.zip", "2016 to 2025"),
    ],
  },
  {
    name: "contracts",
    title: "Contracts and tenders",
    notes:
      "Open tenders, and contracts that were signed, with their value, the bidders and the reason for the choice. Contracts under 20,000 crowns are listed without bidders. Amended contracts have one line for each amendment, joined by the contract number.",
    owner: "city-clerk",
    groups: ["government"],
    tags: ["contracts", "transparency", "economy"],
    maintainer: ["Procurement", "procurement@portellery.example"],
    created: "2016-04-04",
    extras: { update_frequency: "weekly" },
    resources: [
      file("finance/contracts.csv", "Contracts since 2016"),
      file("finance/tenders-open.json", "Open tenders"),
      api("finance/tenders.rss", "News of tenders", "RSS."),
    ],
  },
  {
    name: "council-votes",
    title: "Council meetings and votes",
    notes:
      "Agendas, decisions and how each of the 45 members voted, since the council of 2015. Secret ballots are recorded by their result alone. Members who left during a term keep their votes under the seat they held.",
    owner: "city-clerk",
    groups: ["government"],
    tags: ["council", "transparency", "elections"],
    license: "cc-zero",
    created: "2016-09-19",
    extras: { update_frequency: "after each meeting" },
    resources: [
      file("council/votes.csv", "Votes by member"),
      file("council/meetings.json", "Meetings, agendas and decisions"),
      page("https://council.portellery.example", "Recordings of meetings"),
    ],
  },
  {
    name: "election-results",
    title: "Election results",
    notes:
      "Results of council elections since 1990 and of national elections since 2002, by polling district. Postal votes are counted in one district of their own from 2019 on. Polling districts change: a file of those valid at each election is included.",
    owner: "city-clerk",
    groups: ["government", "places-and-people"],
    tags: ["elections", "statistics", "boundaries"],
    license: "cc-zero",
    created: "2015-11-30",
    extras: { update_frequency: "after each election" },
    resources: [
      file("elections/council-1990-2023.csv", "Council elections"),
      file("elections/national-2002-2025.csv", "National elections"),
      file(
        "elections/polling-districts.zip",
        "Polling districts",
        "GeoJSON, one for each election.",
      ),
    ],
  },
  {
    name: "service-requests",
    title: "Service requests (call 150)",
    notes:
      "What residents report by phone, app or at the counter: broken lamps, potholes, dumped rubbish, dripping fountains. Each request has its kind, place, and the days it was opened and closed. Texts written by residents are not published, photographs neither. A request that is closed as `duplicate` names the one that is kept.",
    owner: "city-clerk",
    groups: ["government", "places-and-people"],
    tags: ["service requests", "street lights", "waste"],
    maintainer: ["Call 150", "150@portellery.example"],
    created: "2018-01-15",
    extras: { update_frequency: "daily", first_year: "2018" },
    resources: [
      file("requests/requests-2026.csv", "2026 to date"),
      file("requests/requests-2018-2025.zip", "2018 to 2025"),
      api("requests/open", "Open requests near a point"),
    ],
  },
  {
    name: "catalog-statistics",
    title: "Use of this catalog",
    notes:
      "Views and downloads of each package by month, and the requests for data that were made to the clerk, with the answer. Visits by known robots are taken out. Downloads through the API are counted by answer, not by caller.",
    owner: "city-clerk",
    groups: ["government"],
    tags: ["open data", "statistics", "transparency"],
    created: "2017-01-09",
    extras: { update_frequency: "monthly" },
    resources: [
      file("catalog/use.csv", "Views and downloads"),
      file("catalog/requests.csv", "Requests for data"),
    ],
  },
];
