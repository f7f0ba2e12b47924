import type { WireAnswer } from '../../wire-format.ts'

/** A sentence, for protocols that have no form for it. */
export function answerText(status: number, text: string): WireAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` }
}
