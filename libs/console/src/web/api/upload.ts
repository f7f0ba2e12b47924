import { ApiError } from './api-error.ts'
import { parseProblem } from './parse-problem.ts'

export interface UploadOptions {
  readonly url: string
  readonly file: Blob
  readonly contentType: string
  /** Called with how much has gone out, of how much. */
  readonly onProgress: (sentBytes: number, totalBytes: number) => void
  readonly signal: AbortSignal
}

/** Sends a file. With XMLHttpRequest: fetch does not tell how far an upload is. @throws ApiError, AbortError */
export function upload<T>({ url, file, contentType, onProgress, signal }: UploadOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = () =>
      reject(new ApiError({ status: 0, code: 'unreachable', detail: 'The connection was lost' }))
    request.open('POST', url)
    request.setRequestHeader('content-type', contentType)
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total)
    request.onerror = fail
    request.onabort = () => reject(new DOMException('The upload was stopped', 'AbortError'))
    request.onload = () => {
      const { status, responseText } = request
      if (status >= 200 && status < 300) return resolve(JSON.parse(responseText) as T)
      reject(new ApiError(parseProblem(status, responseText, request.getResponseHeader('retry-after'))))
    }
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
