import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface CurlResult {
  readonly exitCode: number
  /** Status of each request, in order. */
  readonly statuses: readonly number[]
  /** What a person sees, without the headers that -i shows. */
  readonly body: string
  /** What curl complained of. */
  readonly errors: string
}

/** What every curl of a command does besides: it fails on 4xx and 5xx, and tells the status on stderr. */
const CURLRC = `silent
show-error
fail-with-body
max-time = 8
write-out = "%{stderr}status %{http_code}\\n"
`
/** Longer than a curl may take, so that none is left behind. */
const TIMEOUT_MS = 20_000
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024

/** A command that keeps what it gets for the next ones: `name=$(...)`. */
const ASSIGNMENT = /^(\w+)=\$\(/

/**
 * Runs a command in `sh`, as a person who pastes it would.
 *
 * @param portOf where what the page says is at `localhost:<port>` really is: the only thing that is put in its place
 * @param variables what commands before this one have assigned; what this one assigns is added
 * @throws what `portOf` throws
 */
export async function runCurl(
  text: string,
  portOf: (port: number) => number,
  variables: Record<string, string> = {},
): Promise<CurlResult> {
  const command = text.replace(/\blocalhost:(\d+)/g, (_, port: string) => `127.0.0.1:${portOf(Number(port))}`)
  const assigned = ASSIGNMENT.exec(text)?.[1]
  const script = assigned === undefined ? command : `${command}\nprintf %s "$${assigned}"`
  const home = await mkdtemp(join(tmpdir(), 'runnel-readme-'))
  try {
    await writeFile(join(home, '.curlrc'), CURLRC)
    const result = await runShell(script, { ...process.env, ...variables, CURL_HOME: home })
    if (assigned !== undefined) variables[assigned] = result.body
    return result
  } finally {
    await rm(home, { recursive: true })
  }
}

function runShell(script: string, env: NodeJS.ProcessEnv): Promise<CurlResult> {
  const options = { env, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES }
  return new Promise((resolve) => {
    const shell = execFile('sh', ['-e', '-c', script], options, (error, stdout, stderr) => {
      const statuses = [...stderr.matchAll(/^status (\d+)$/gm)].map(([, status]) => Number(status))
      const code = error?.code
      resolve({
        exitCode: error === null ? 0 : typeof code === 'number' ? code : 1,
        statuses,
        body: stdout.replace(/^HTTP\/[^]*?\r\n\r\n/, ''),
        errors: [stderr.replace(/^status \d+\n/gm, ''), error?.killed ? 'took too long' : ''].join('').trim(),
      })
    })
    shell.stdin?.end()
  })
}
