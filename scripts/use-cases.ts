// What Syncline was founded for, with the scenarios that show each.

/** A use case in the founding order, and the files in scenarios/ that play it. */
export interface UseCase {
  readonly told: string;
  readonly files: readonly string[];
}

export const USE_CASES: readonly UseCase[] = [
  {
    told: "First sync: all packages and revisions are copied, with the same UUIDs",
    files: ["first-sync/everything-is-copied.yaml"],
  },
  {
    told: "A later sync after changes on either side, or both",
    files: ["two-way/founding-timeline-one-way.yaml", "two-way/founding-timeline-two-way.yaml"],
  },
  { told: "Purged on A, purged on B", files: ["purge/purged-on-a.yaml"] },
  {
    told: "Purged on B, not recreated by a later sync from A",
    files: ["purge/purged-on-b-stays-away.yaml"],
  },
  {
    told: "Sync between instances with different schema versions",
    files: [
      "schema-versions/an-older-relay-in-between.yaml",
      "schema-versions/one-site-is-updated-first.yaml",
    ],
  },
  {
    told: "B and C sync with A at different times",
    files: ["first-sync/b-and-c-at-different-times.yaml"],
  },
  {
    told: "The name of a package, tag, group or user clashes with another's",
    files: [
      "names/two-packages-of-one-name.yaml",
      "names/tags-of-one-name-are-one.yaml",
      "names/groups-of-one-name-are-one.yaml",
      "names/users-of-one-name-stay-two.yaml",
    ],
  },
  { told: "People work on during a sync", files: ["two-way/work-goes-on-during-a-sync.yaml"] },
  {
    told: "What is restricted on A can be edited on B",
    files: ["people/restricted-on-a-editable-on-b.yaml"],
  },
  {
    told: "Users, groups, permissions and ratings are versioned, too",
    files: [
      "people/users-groups-and-ratings-have-histories.yaml",
      "people/roles-travel-where-agreed.yaml",
    ],
  },
  {
    told: "B's search is up to date when the sync has ended",
    files: ["first-sync/search-is-up-to-date-at-once.yaml"],
  },
  {
    told: "All revisions since X, written out and taken in elsewhere; what differs between two",
    files: ["two-way/revisions-carried-by-file.yaml", "two-way/what-a-diff-says.yaml"],
  },
];
