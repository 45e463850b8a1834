import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routes, uploadLimits, type BareFileType, type Route } from '#contracts';
import { AppError } from '#service';

const uploads = (routes as readonly Route[]).filter(({ body }) => body?.contentType === 'multipart/form-data');
const bareTypes: BareFileType[] = [...new Set(uploads.flatMap(({ body }) => body?.bareFile ?? []))];
const types: readonly string[] = ['multipart/form-data', ...bareTypes];

/** What stands around the file in a form; bytes. */
const formBytes = 16 * 1024;

/** The largest body of a route that takes a file; undefined for all others. */
export function uploadLimitOf({ method, routeOptions }: FastifyRequest): number | undefined {
  const upload = uploads.find((route) => route.method === method && route.path === routeOptions.url);
  return upload && (upload.body?.mostBytes ?? uploadLimits.bytes) + formBytes;
}

/**
 * Files as bodies, for the routes that the contract says take them, and for no other. The body is left where it is: the
 * handler takes it piece by piece.
 */
export async function acceptUploads(server: FastifyInstance): Promise<void> {
  server.addHook('onRequest', (request, _reply, done) => {
    const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const isStray = types.includes(type) && request.method !== 'GET' && uploadLimitOf(request) === undefined;
    done(isStray ? new AppError('MEDIA_TYPE_UNSUPPORTED') : undefined);
  });
  server.addContentTypeParser(bareTypes, (_request, payload, done) => done(null, payload));
  await server.register(multipart, {
    throwFileSizeLimit: false,
    limits: {
      fileSize: uploadLimits.bytes,
      // one more than may be, so that it is told apart from a file that is too large
      files: 2,
      fields: 4,
      parts: 8,
      fieldSize: 1024,
      fieldNameSize: 100,
      headerPairs: 20,
    },
  });
}
