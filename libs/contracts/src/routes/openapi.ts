import { z } from 'zod';
import { defineRoute } from '../route.js';

export const getOpenApi = defineRoute({
  operationId: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  summary: 'This description, OpenAPI 3.1',
  access: 'public',
  response: {
    status: 200,
    description: 'OpenAPI 3.1 document',
    schema: z.looseObject({ openapi: z.string() }),
    examples: {},
  },
  errors: ['INTERNAL_ERROR'],
});
