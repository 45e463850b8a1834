import * as administration from './administration.js';
import * as dataBalikanAdministration from './data-balikan-administration.js';
import * as dataBalikanBatches from './data-balikan-batches.js';
import * as dataBalikanMedia from './data-balikan-media.js';
import * as dataBalikan from './data-balikan.js';
import * as evaluation from './evaluation.js';
import * as evidence from './evidence.js';
import * as letters from './letters.js';
import { createVerification, getAccessRights, listVerifications } from './lookups.js';
import { getJwks, issueToken } from './oauth.js';
import * as obligations from './obligations.js';
import { getOpenApi } from './openapi.js';
import * as readers from './readers.js';
import * as reports from './reports.js';
import * as sessions from './sessions.js';

export * from './administration.js';
export * from './data-balikan-administration.js';
export * from './data-balikan-batches.js';
export * from './data-balikan-media.js';
export * from './data-balikan.js';
export * from './evaluation.js';
export * from './evidence.js';
export * from './letters.js';
export * from './lookups.js';
export * from './oauth.js';
export * from './obligations.js';
export * from './openapi.js';
export * from './readers.js';
export * from './reports.js';
export * from './sessions.js';

/** Every route of the gateway. A controller method that is not bound to one of them is refused by the guard. */
export const routes = [
  issueToken,
  getJwks,
  getAccessRights,
  createVerification,
  listVerifications,
  ...Object.values(dataBalikan),
  ...Object.values(dataBalikanBatches),
  ...Object.values(dataBalikanMedia),
  ...Object.values(dataBalikanAdministration),
  ...Object.values(evidence),
  ...Object.values(readers),
  ...Object.values(reports),
  ...Object.values(obligations),
  ...Object.values(letters),
  ...Object.values(evaluation),
  ...Object.values(sessions),
  ...Object.values(administration),
  getOpenApi,
];
