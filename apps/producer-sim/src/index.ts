export { createProducerSim, type ProducerSimDeps } from './app.ts'
export { loadConfig, settings, streamOptions, type Config } from './config.ts'
export type { StreamOptions, StreamSettings } from './stream/stream-options.ts'
