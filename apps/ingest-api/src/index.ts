export { createIngestApi } from './app.ts'
export { settings } from './config.ts'
export { connectIntake } from './connect-intake.ts'
export { createDeadLetterStore } from './dead-letter-store.ts'
