export { averageRating, type RatingAverage } from "./average-rating.ts";
export { checkForm } from "./check-form.ts";
export { detectType } from "./detect-type.ts";
export { refuseForeignFields } from "./foreign-fields.ts";
export { holdsForeignFields } from "./foreign-tokens.ts";
export { fromCkan, type ReadObject } from "./from-ckan.ts";
export { type Grant, type GrantedRole, grantedRole } from "./granted-role.ts";
export { mergeCkan } from "./merge-ckan.ts";
export { nameOf, nameSpaceOf } from "./name.ts";
export { isPosition, positionAt, positionBetween } from "./position.ts";
export { ReadContent, type ReadParts } from "./read-content.ts";
export { references } from "./references.ts";
export { readForm, storedForm } from "./renamed-fields.ts";
export { patchContent, replaceContent } from "./replace.ts";
export { isRole, ROLE_TYPES, ROLES, type Role } from "./roles.ts";
export {
  joinParts,
  type SearchFields,
  type SearchParts,
  searchFields,
  searchParts,
} from "./search-fields.ts";
export {
  DELETED,
  isDeleted,
  type ObjectType,
  type ReferenceLookup,
  type StoredObject,
  visibleDocument,
} from "./stored.ts";
export { toCkan } from "./to-ckan.ts";
export type { Reference, TypeDefinition } from "./type-definition.ts";
export { KNOWN_TYPES, schemaVersion, TYPES, type Types } from "./types.ts";
export { validateContent, validateWritten } from "./validate.ts";
