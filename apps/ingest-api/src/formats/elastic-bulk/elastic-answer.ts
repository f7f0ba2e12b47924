import type { AppError } from '@runnel/contracts'
import type { WireAnswer } from '../../wire-format.ts'

/** Clients from 7.14 on refuse an answer without it, refusals included. */
export const PRODUCT = { 'x-elastic-product': 'Elasticsearch' } as const

/** An address of Elasticsearch, whether or not it is served here: its own parts begin with `_`, as none of Runnel's does. */
const ELASTIC_ADDRESS = /^\/(?:[^/?]*\/)?_[a-z]/

/** @returns what a refusal has at an address of Elasticsearch before any route of it is reached */
export function elasticRefusalHeaders(url: string): typeof PRODUCT | undefined {
  return ELASTIC_ADDRESS.test(url) ? PRODUCT : undefined
}

/** An answer of JSON. */
export function answerJson(status: number, body: string | Buffer): WireAnswer {
  return { status, headers: { ...PRODUCT, 'content-type': 'application/json' }, body }
}

/** What went wrong, in one object of Elasticsearch's form. `code` is Runnel's name of it, and stable. */
export interface ElasticProblem {
  readonly type: string
  readonly reason: string
  readonly code: string
}

const TYPES: Readonly<Record<number, string>> = {
  401: 'security_exception',
  403: 'security_exception',
  404: 'resource_not_found_exception',
  409: 'version_conflict_engine_exception',
  413: 'content_too_long_exception',
  415: 'media_type_header_exception',
  422: 'document_parsing_exception',
  429: 'es_rejected_execution_exception',
  503: 'es_rejected_execution_exception',
}

/** @returns what Elasticsearch calls a failure with this status */
export function typeOf(status: number): string {
  return TYPES[status] ?? 'illegal_argument_exception'
}

/** The error of a request as a whole. */
export function answerFailure(
  status: number,
  { code, message: reason }: Pick<AppError, 'code' | 'message'>,
): WireAnswer {
  const problem: ElasticProblem = { type: typeOf(status), reason, code }
  return answerJson(status, JSON.stringify({ error: { root_cause: [problem], ...problem }, status }))
}
