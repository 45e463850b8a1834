import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, from, mergeMap, throwError, type Observable } from 'rxjs';
import { ElementName, Purpose, type VerificationMode } from '#contracts';
import { AccessRefused } from './access-refused.js';
import { AccessService, type RefusalDetails } from './access.service.js';
import type { AuthorisedRequest } from './principal.js';

/** Puts on record what is refused after the guard: by the contract (no purpose, an element outside the nine) or by the decision. */
@Injectable()
export class RefusalInterceptor implements NestInterceptor {
  constructor(private readonly access: AccessService) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AuthorisedRequest>();
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (!(error instanceof AccessRefused)) return throwError(() => error);
        const recorded = this.access.recordRefusal(request.facts, error.code, detailsOf(request.body));
        return from(recorded).pipe(mergeMap(() => throwError(() => error)));
      }),
    );
  }
}

/** What of a body is well formed enough to be kept; it may have been refused for the rest. */
function detailsOf(body: unknown): RefusalDetails {
  const { purpose, fields, match } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const mode: VerificationMode = match === undefined ? 'LOOKUP' : 'MATCH';
  const names = Array.isArray(fields) ? fields.slice(0, 9) : [];
  return {
    purpose: Purpose.safeParse(purpose).data,
    mode,
    fields: names.flatMap((name) => ElementName.safeParse(name).data ?? []),
  };
}
