import type { Trouble } from './api-error.ts'

/** Reads an answer that is no success. A proxy's page of its own makes words of the status. */
export function parseProblem(status: number, body: string, retryAfter: string | null): Trouble {
  const problem = parseObject(body)
  const text = (name: string) => (typeof problem[name] === 'string' ? problem[name] : undefined)
  return {
    status,
    code: text('code') ?? 'unknown',
    detail: text('detail') ?? text('title') ?? `The server answered ${status}`,
    field: text('field'),
    expected: text('expected'),
    retryAfterMs: parseRetryAfter(retryAfter),
  }
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function parseRetryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined
}
