import { describe, expect, it } from '@jest/globals'
import { APP_NAMES } from '@runnel/contracts/apps'
import { workspaceRoot } from '@runnel/testing'
import { execFile } from 'node:child_process'
import { join } from 'node:path'

const PROGRAMS = [...APP_NAMES.map((app) => `apps/${app}/src/main.ts`), 'tools/standalone/src/main.ts']
const SECRET = { IDENTITY_SECRET: 'a secret of the apps that is long enough' }
const START_MS = 120_000

/** How a program ends that refuses its configuration; one that starts would be ended after a while, without this text. */
function start(program: string, env: Record<string, string>): Promise<{ code: unknown; text: string }> {
  const options = { env: { ...process.env, NODE_OPTIONS: '', ...env }, timeout: START_MS }
  return new Promise((resolve) => {
    execFile(process.execPath, [join(workspaceRoot, program)], options, (error, stdout, stderr) =>
      resolve({ code: error?.code, text: stdout + stderr }),
    )
  })
}

describe('off loopback', () => {
  it.each(PROGRAMS)(
    '%s does not start without access control, nor where keys would travel unencrypted',
    async (program) => {
      const open = await start(program, { HOST: '0.0.0.0', AUTH: '' })
      expect([open.code, open.text]).toEqual([1, expect.stringContaining('set AUTH=keys, or AUTH=none')])
      const plain = await start(program, { HOST: '192.0.2.1', AUTH: 'keys', ...SECRET })
      expect([plain.code, plain.text]).toEqual([1, expect.stringContaining('would send keys unencrypted')])
    },
    2 * START_MS,
  )

  it.each(PROGRAMS)(
    '%s does not start with a well-known password',
    async (program) => {
      const env = {
        ...{ HOST: '192.0.2.1', AUTH: 'keys', PRIVATE_NETWORK: '1', ...SECRET },
        ...{ DATABASE_URL: 'postgres://runnel:runnel@192.0.2.1/runnel', GATEWAY_TOKEN: 'guest' },
      }
      const { code, text } = await start(program, env)
      expect([code, text]).toEqual([1, expect.stringContaining('has a well-known password')])
    },
    START_MS,
  )
})
