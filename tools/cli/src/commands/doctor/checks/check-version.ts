import { VERSION } from '@runnel/contracts'
import type { Connection } from '../../../connection/connect.ts'
import { fetchAnswer } from '../../../connection/fetch-answer.ts'
import type { CliContext } from '../../../cli-context.ts'
import { ok, unknown, warning, type Finding } from '../finding.ts'

const CHECK = 'version'

/** Whether this program and Runnel are of one version. */
export async function checkVersion({ target }: Connection, { signal }: CliContext): Promise<Finding> {
  const headers = target.key === undefined ? {} : { authorization: `Bearer ${target.key}` }
  const request = new Request(`${target.url}/docs/json`, { headers })
  try {
    const response = await fetchAnswer(request, { timeoutMs: target.timeoutMs, signal })
    const { info } = (await response.json()) as { readonly info?: { readonly version?: string } }
    if (info?.version === VERSION)
      return ok(CHECK, `Runnel ${VERSION}, this program too, on Node.js ${process.versions.node}`)
    if (info?.version !== undefined)
      return warning(
        CHECK,
        `Runnel is ${info.version}, and this program ${VERSION}`,
        `Use the program of the same version: npx runnel@${info.version}`,
      )
  } catch {
    signal.throwIfAborted()
  }
  return unknown(
    CHECK,
    `This program is ${VERSION}; Runnel does not say which version it is`,
    'Its /docs/json needs a key: give one',
  )
}
