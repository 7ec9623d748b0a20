import { CompleteUploadDocument, RequestUploadDocument, type CompleteUploadMutation } from '@/gql/graphql'
import { mutate, type Options } from './client'
import { Refusal } from './refusal'
import { t } from '@/text'

/** A file whose bytes the server has checked. */
export type Uploaded = CompleteUploadMutation['completeUpload']['file']

/** What a file belongs to. */
export interface Purpose {
  /** Id of the draft, case or special procedure. */
  owner: string
  /** Name of the material or report field. */
  material: string
}

/** SHA-256 of a file's bytes, hexadecimal, computed in the browser. */
export async function sha256(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Announces a file with its digest, sends its bytes where the server says, and has them checked. */
export async function upload(file: File, purpose: Purpose, options: Options = {}): Promise<Uploaded> {
  const announced = { ...purpose, filename: file.name, size: file.size, sha256: await sha256(file), mime: file.type || 'application/octet-stream' }
  const { requestUpload } = await mutate(RequestUploadDocument, { input: announced }, options)
  const answer = await fetch(requestUpload.url, { method: requestUpload.method, headers: requestUpload.headers as Record<string, string>, body: file, credentials: 'omit' }).catch(() => undefined)
  if (!answer?.ok) throw new Refusal('UNAVAILABLE', t('upload.failed'), { retryable: true })
  const { completeUpload } = await mutate(CompleteUploadDocument, { input: { file: requestUpload.file.id } }, options)
  return completeUpload.file
}
