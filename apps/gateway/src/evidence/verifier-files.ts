import { fileURLToPath } from 'node:url';

/** Where the build puts the verifier: it stands by itself, and is no part of the gateway. */
export const verifierFolder = fileURLToPath(new URL('../../../../verifier/', import.meta.url));

/** For Node, and the same as a page. */
export const verifierScript = 'gerbang-verify.mjs';
export const verifierPage = 'gerbang-verify.html';

/** Under which the folder is injected. */
export const verifierFolderToken = 'verifier folder';
