import type { GroupName, OrganizationName } from "./publishers.ts";

/** A package of the demonstration catalog, in the short form that its files are written in. */
export interface DemoPackage {
  readonly name: string;
  readonly title: string;
  readonly notes: string;
  readonly owner: OrganizationName;
  readonly groups: readonly GroupName[];
  readonly tags: readonly string[];
  /** A CKAN license id; `cc-by` unless said. */
  readonly license?: string;
  readonly page?: string;
  readonly version?: string;
  /** Name and address of the person to ask. */
  readonly maintainer?: readonly [string, string];
  /** The day the package was first published, as YYYY-MM-DD. */
  readonly created: string;
  readonly extras: Readonly<Record<string, string>>;
  readonly resources: readonly DemoResource[];
}

export interface DemoResource {
  readonly name: string;
  readonly description: string;
  readonly format: string;
  readonly url: string;
  readonly mimetype: string | null;
}

const SITE = "https://data.portellery.example";
const MIME_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  geojson: "application/geo+json",
  json: "application/json",
  pdf: "application/pdf",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  zip: "application/zip",
};
const FORMATS: Readonly<Record<string, string>> = { geojson: "GeoJSON", gpkg: "GeoPackage" };

/** A file on the city's data server; its ending says the format. */
export function file(path: string, name: string, description = ""): DemoResource {
  const ending = path.slice(path.lastIndexOf(".") + 1);
  const format = FORMATS[ending] ?? ending.toUpperCase();
  const mimetype = MIME_TYPES[ending] ?? null;
  return { name, description, format, url: `${SITE}/files/${path}`, mimetype };
}

/** A service that is asked over HTTP. */
export function api(path: string, name: string, description = ""): DemoResource {
  return { name, description, format: "API", url: `${SITE}/api/${path}`, mimetype: null };
}

/** A page to read. */
export function page(url: string, name: string, description = ""): DemoResource {
  return { name, description, format: "HTML", url, mimetype: "text/html" };
}
