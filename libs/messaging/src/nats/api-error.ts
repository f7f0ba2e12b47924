import { NatsError, type ApiError } from 'nats'

/** Code of JetStream for what does not exist. */
const NOT_FOUND = 404

/** @returns undefined where the stream or durable does not exist */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (apiErrorOf(error)?.code === NOT_FOUND) return undefined
    throw error
  }
}

/** @returns the error that JetStream itself answered; undefined for any other */
export function apiErrorOf(error: unknown): ApiError | undefined {
  return error instanceof NatsError ? error.api_error : undefined
}

/** A refusal by JetStream itself, other than "not now" and than a race with another process that deletes. */
export function isDefinite(error: unknown): boolean {
  const code = apiErrorOf(error)?.code
  return code !== undefined && code < 500 && code !== NOT_FOUND
}
