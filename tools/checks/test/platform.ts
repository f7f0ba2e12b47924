import { spawnPlatform } from '@runnel/testing'

export interface Platform extends AsyncDisposable {
  /** @throws Error for a port that no app has */
  portOf(documented: number): number
}

/** The five apps, by the ports that the pages name. */
export async function startPlatform(): Promise<Platform> {
  const platform = await spawnPlatform()
  const ports = new Map([
    [8000, platform.query.port],
    [8080, platform.ingest.port],
    [8081, platform.dispatcher.port],
    [8082, platform.consumer.port],
    [8083, platform.simulator.port],
    // The fake gateway of the simulator, on which the pages name a port too.
    [8090, platform.gatewayPort],
  ])
  return {
    portOf: (documented) => {
      const port = ports.get(documented)
      if (port === undefined) throw new Error(`no app listens on port ${documented}`)
      return port
    },
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  }
}
