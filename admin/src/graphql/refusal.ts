import type { CombinedError } from '@urql/core'
import { t } from '@/text'

/** A positioned remark that came with a refusal or a draft. */
export interface Remark {
  path?: string | null
  code: string
  message: string
  hint?: string | null
  severity?: 'error' | 'warning'
}

/** Codes of the API contract, and NETWORK when no answer came. */
export type RefusalCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_REQUEST'
  | 'VALIDATION'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'TOO_COMPLEX'
  | 'IDEMPOTENCY_MISMATCH'
  | 'UNAVAILABLE'
  | 'INTERNAL'
  | 'NETWORK'

/** A request that the server refused, or that did not reach it. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly reason?: string
  readonly reference?: string
  readonly retryable: boolean
  readonly problems: Remark[]

  constructor(code: RefusalCode, message: string, more: { reason?: string; reference?: string; retryable?: boolean; problems?: Remark[] } = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.reason = more.reason
    this.reference = more.reference
    this.retryable = more.retryable ?? false
    this.problems = more.problems ?? []
  }
}

interface Extensions {
  code?: RefusalCode
  reason?: string
  reference?: string
  retryable?: boolean
  problems?: Remark[]
}

/** Turns urql's error into one refusal: the first coded one, with the problems of all. */
export function toRefusal(error: CombinedError): Refusal {
  const first = error.graphQLErrors[0]
  if (!first) return new Refusal('NETWORK', t('error.network'), { retryable: true })
  const extensions = first.extensions as Extensions
  const problems = error.graphQLErrors.flatMap((one) => (one.extensions as Extensions).problems ?? [])
  return new Refusal(extensions.code ?? 'INTERNAL', first.message, { ...extensions, problems })
}
