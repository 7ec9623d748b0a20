import { Tag } from '@/components/notice'

const tones: Record<string, 'blue' | 'green' | 'yellow' | 'red' | 'plain'> = {
  awaiting_correction: 'yellow',
  awaiting_supplement: 'yellow',
  awaiting_payment: 'yellow',
  abnormal: 'red',
  held: 'red',
  suspended: 'yellow',
  decided: 'green',
  ended: 'green',
  archived: 'plain',
}

/** The state of a case in the server's words, with a tone. */
export function Status({ status, text }: { status: string; text: string }) {
  return <Tag tone={tones[status] ?? 'blue'}>{text}</Tag>
}
