import { expect } from '@jest/globals'
import type { Answer } from './ingest.ts'

/** Checks that an answer is a problem, and returns its members. */
export function expectProblem(answer: Answer, status: number, code: string): Record<string, unknown> {
  const problem = answer.json<Record<string, unknown>>()
  expect({ status: answer.statusCode, code: problem['code'] }).toEqual({ status, code })
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(problem).toMatchObject({ type: 'about:blank', status, detail: expect.any(String) })
  const passes = status === 503 || status === 429
  expect(answer.headers['retry-after']).toEqual(passes ? expect.stringMatching(/^[1-9]\d*$/) : undefined)
  return problem
}
