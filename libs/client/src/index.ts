export type { ApiKey } from './api-key.ts'
export {
  createDispatcherClient,
  createIngestClient,
  createQueryClient,
  type DispatcherClient,
  type IngestClient,
  type QueryClient,
  type RestOptions,
} from './rest-clients.ts'
