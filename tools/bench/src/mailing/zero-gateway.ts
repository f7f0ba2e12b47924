import { freePort } from '@runnel/testing'
import { spawnBuilt } from '../spawn-built.ts'
import type { ProcessCosts } from '../process-costs.ts'

/** The gateway of producer-sim, which answers at once. */
export interface ZeroGateway {
  readonly url: string
  readonly token: string
  /** Forgets all calls. */
  reset(): Promise<void>
  /** Answers calls to phones that end so with `code` 17. */
  refuse(phoneSuffix: string): Promise<void>
  /** When the first call came since, in milliseconds since 1970, and how many did. */
  stats(): Promise<{ readonly calls: number; readonly firstAtMs: number }>
}

/** It ends with the stack. */
export async function openZeroGateway(
  stack: AsyncDisposableStack,
  costs: ProcessCosts,
): Promise<ZeroGateway> {
  const port = await freePort()
  const token = 'bench'
  const env = { GATEWAY_PORT: String(port), GATEWAY_TOKEN: token, GATEWAY_MODE: 'ok', LOG_LEVEL: 'warn' }
  const simulator = stack.use(await spawnBuilt('producer-sim', env))
  costs.watch('gateway', simulator.pid, 'shared')
  const control = `${simulator.url}/api/v1/gateway`
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    reset: async () => void (await fetch(`${control}/calls`, { method: 'DELETE' })),
    refuse: async (phoneSuffix) => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ mode: 'nonzero-code', phoneSuffix })
      const { ok, status } = await fetch(control, { method: 'PATCH', headers, body })
      if (!ok) throw new Error(`The gateway answered ${status}`)
    },
    stats: async () =>
      (await (await fetch(`${control}/stats`)).json()) as { calls: number; firstAtMs: number },
  }
}
