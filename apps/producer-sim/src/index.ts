export { createProducerSim, type ProducerSimDeps } from './app.ts'
export { loadConfig, settings, type Config } from './config.ts'
