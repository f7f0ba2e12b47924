import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const beside = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))

/** The folder of real input files, which a clone of the project does not have. */
export const dataSamples = process.env['RUNNEL_DATA_SAMPLES'] ?? (existsSync(beside) ? beside : undefined)

/** The samples that the project ships. */
export const ownSamples = fileURLToPath(new URL('../samples/', import.meta.url))

/** Why tests on them are skipped. */
export const NO_DATA = 'no data samples are here; RUNNEL_DATA_SAMPLES names their folder'
