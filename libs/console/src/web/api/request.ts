import { ApiError } from './api-error.ts'
import { parseProblem } from './parse-problem.ts'

/** Sends a request. @throws ApiError for every answer but a success; AbortError when the signal says so */
export async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ApiError({ status: 0, code: 'unreachable', detail: 'The server cannot be reached' }, error)
  }
  if (response.ok) return response
  const body = await response.text().catch(() => '')
  throw new ApiError(parseProblem(response.status, body, response.headers.get('retry-after')))
}
