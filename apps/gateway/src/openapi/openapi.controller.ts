import { Controller, Header, Inject } from '@nestjs/common';
import { getOpenApi } from '#contracts';
import { ApiRoute } from '../http/route.decorator.js';

@Controller()
export class OpenApiController {
  constructor(@Inject('openapi document') private readonly document: Record<string, unknown>) {}

  @ApiRoute(getOpenApi)
  @Header('Cache-Control', 'public, max-age=300')
  show() {
    return this.document;
  }
}
