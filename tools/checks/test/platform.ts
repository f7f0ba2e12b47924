import { APP_NAMES, APPS, FAKE_GATEWAY } from '@runnel/contracts/apps'
import { spawnPlatform } from '@runnel/testing'

export interface Platform extends AsyncDisposable {
  /** @throws Error for a port that no app has */
  portOf(documented: number): number
}

/** All apps, by the ports that the pages name. */
export async function startPlatform(): Promise<Platform> {
  const { apps, gatewayPort, ...platform } = await spawnPlatform()
  const ports = new Map<number, number>(APP_NAMES.map((name) => [APPS[name].port, apps[name].port]))
  // The fake gateway, on which the pages name a port too.
  ports.set(FAKE_GATEWAY.port, gatewayPort)
  return {
    portOf: (documented) => {
      const port = ports.get(documented)
      if (port === undefined) throw new Error(`no app listens on port ${documented}`)
      return port
    },
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  }
}
