/** Who publishes in Port Ellery, and the themes its catalog is sorted by. */

interface Named {
  readonly title: string;
  readonly description: string;
}

export type OrganizationName =
  | "city-clerk"
  | "ellery-transit"
  | "environment-department"
  | "fire-and-rescue"
  | "harbor-authority"
  | "parks-and-culture"
  | "planning-office"
  | "public-health";

export type GroupName =
  | "environment"
  | "government"
  | "harbor-and-coast"
  | "health-and-safety"
  | "mobility"
  | "places-and-people";

export const organizations: Readonly<Record<OrganizationName, Named>> = {
  "city-clerk": {
    title: "Office of the City Clerk",
    description:
      "Keeps the council's record: meetings, votes, contracts, elections. Answers requests for public information within twenty working days.",
  },
  "ellery-transit": {
    title: "Ellery Transit",
    description:
      "Runs the city's 38 bus routes, two tram lines and the cross-harbor ferry, and looks after the cycle network.",
  },
  "environment-department": {
    title: "Environment Department",
    description:
      "Measures air, water and noise, collects waste and plans for heat and flood. Operates the municipal laboratory at Saltmarsh.",
  },
  "fire-and-rescue": {
    title: "Port Ellery Fire and Rescue",
    description: "Five stations, 212 firefighters and one fireboat, the Constance.",
  },
  "harbor-authority": {
    title: "Harbor Authority",
    description:
      "Owner of the quays, locks and dredged channels between the Ell mouth and Gull Rock. Publishes tides, berths and ship movements.",
  },
  "parks-and-culture": {
    title: "Parks and Culture Department",
    description:
      "Parks, street trees, libraries, the City Museum and everything that happens on the bandstand.",
  },
  "planning-office": {
    title: "City Planning Office",
    description:
      "Keeper of the base map, the address register and the land use plan; issues building permits.",
  },
  "public-health": {
    title: "Public Health Service",
    description:
      "Inspects kitchens and bathing water, counts births and vaccinations, and runs four neighborhood health centers.",
  },
};

export const groups: Readonly<Record<GroupName, Named>> = {
  environment: {
    title: "Environment and climate",
    description: "Air, water, noise, waste, energy and the weather that drives them.",
  },
  government: {
    title: "Government and money",
    description: "How the city decides, what it spends and whom it pays.",
  },
  "harbor-and-coast": {
    title: "Harbor and coast",
    description: "Ships, tides, beaches and the working waterfront.",
  },
  "health-and-safety": {
    title: "Health and safety",
    description: "Staying well, and what happens when something goes wrong.",
  },
  mobility: {
    title: "Mobility",
    description: "Getting around: on foot, by bicycle, bus, tram, ferry and car.",
  },
  "places-and-people": {
    title: "Places and people",
    description: "Addresses, districts, buildings, and those who live among them.",
  },
};
