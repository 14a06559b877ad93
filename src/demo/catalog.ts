import type { JsonObject } from "../base/json.ts";
import { cultureAndParks } from "./catalog/culture-and-parks.ts";
import { environment } from "./catalog/environment.ts";
import type { DemoPackage } from "./catalog/form.ts";
import { government } from "./catalog/government.ts";
import { harbor } from "./catalog/harbor.ts";
import { peopleAndSafety } from "./catalog/people-and-safety.ts";
import { planning } from "./catalog/planning.ts";
import { groups, organizations } from "./catalog/publishers.ts";
import { transport } from "./catalog/transport.ts";

const PACKAGES: readonly DemoPackage[] = [
  ...transport,
  ...environment,
  ...harbor,
  ...planning,
  ...government,
  ...peopleAndSafety,
  ...cultureAndParks,
];

/**
 * The open data catalog of Port Ellery, a city that does not exist, as a dump of its packages in
 * CKAN's form. Organizations, groups and tags are embedded. Nothing has an id, so that ids follow
 * from names, and every instance that loads the catalog holds the same objects.
 */
export function demoCatalog(): JsonObject[] {
  return PACKAGES.map(packageForm);
}

function packageForm(source: DemoPackage): JsonObject {
  const [maintainer, maintainerEmail] = source.maintainer ?? [null, null];
  return {
    name: source.name,
    title: source.title,
    notes: source.notes,
    type: "dataset",
    state: "active",
    private: false,
    license_id: source.license ?? "cc-by",
    url: source.page ?? "",
    version: source.version ?? null,
    author: organizations[source.owner].title,
    author_email: null,
    maintainer,
    maintainer_email: maintainerEmail,
    metadata_created: `${source.created}T09:00:00.000000`,
    owner_org: source.owner,
    organization: {
      name: source.owner,
      type: "organization",
      is_organization: true,
      state: "active",
      approval_status: "approved",
      image_url: "",
      ...organizations[source.owner],
    },
    groups: source.groups.map((name) => ({ name, ...groups[name] })),
    tags: source.tags.map((name) => ({ name })),
    extras: Object.entries(source.extras).map(([key, value]) => ({ key, value })),
    resources: source.resources.map((resource) => ({ ...resource })),
  };
}
