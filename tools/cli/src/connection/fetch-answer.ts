import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

/** Bytes of one answer; lists come in pages that are far smaller. */
const MAX_ANSWER_BYTES = 64 * 1024 ** 2

export interface Waiting {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * A request and its whole answer, within a time.
 *
 * @throws CliError that says why there is none; the reason of the signal
 */
export async function fetchAnswer(request: Request, { timeoutMs, signal }: Waiting): Promise<Response> {
  const { origin } = new URL(request.url)
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(request, { signal: AbortSignal.any([signal, timeout]), redirect: 'error' })
    const body = await readBounded(response)
    return new Response(body.length === 0 ? null : body, response)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof CliError) throw error
    if (timeout.aborted) throw noAnswer(origin, timeoutMs)
    throw unreachable(origin, error)
  }
}

async function readBounded({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES)
      throw new CliError(
        EXIT.failed,
        `The answer is larger than ${MAX_ANSWER_BYTES} bytes: ask for less at a time`,
      )
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function noAnswer(origin: string, timeoutMs: number): CliError {
  return new CliError(EXIT.unavailable, `${origin} did not answer within ${timeoutMs / 1000} s`, {
    code: 'timeout',
    hint: 'Give it more time with --timeout <s>, or look what is wrong with: runnel doctor',
  })
}

/** Why a server was not reached, in words that help. */
export function unreachable(origin: string, error: unknown): CliError {
  const { code, message } = rootOf(error)
  const [why, hint] = explain(code, message)
  return new CliError(
    EXIT.unavailable,
    `${origin} is not reached: ${why}`,
    { code: 'unreachable', hint },
    error,
  )
}

/** fetch wraps what happened, and a name with several addresses gives an error for each. */
function rootOf(error: unknown): NodeJS.ErrnoException {
  let root = error as NodeJS.ErrnoException & { readonly errors?: readonly unknown[] }
  for (let next: unknown; (next = root.errors?.[0] ?? root.cause) instanceof Error;) root = next
  return root
}

function explain(code: string | undefined, message: string): readonly [why: string, hint: string] {
  const address = 'Give the address of query-api with --url or RUNNEL_URL'
  switch (code) {
    case 'ECONNREFUSED':
      return ['nothing listens there', `Start Runnel with: runnel start. Or is it elsewhere? ${address}`]
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return ['there is no such name', address]
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return [
        'its certificate is of an unknown authority',
        'Name the file of the authority in NODE_EXTRA_CA_CERTS',
      ]
    default:
      return [code ?? message, address]
  }
}
