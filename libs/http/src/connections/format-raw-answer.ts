import { AppError } from '@runnel/contracts'
import { titleOf, toProblem } from '../problem.ts'
import { SECURITY_HEADERS } from '../secure-answers.ts'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A problem for what never became a request of a route; the connection ends after it. */
export function formatRawAnswer(status: number, detail: string): RawAnswer {
  const problem = toProblem(new AppError('bad_request', detail))
  const body = JSON.stringify({ ...problem, title: titleOf(status), status })
  return {
    status,
    body,
    headers: {
      ...SECURITY_HEADERS,
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      Connection: 'close',
    },
  }
}
