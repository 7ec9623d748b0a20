import { t } from '@/text'

/** How near a task is to its limit, judged by remaining working days. */
export type LightColour = 'red' | 'yellow' | 'green' | 'none'

/** Red past the limit, yellow on the last day and the one before. */
export function colourOf(remaining: number | null | undefined): LightColour {
  if (remaining === null || remaining === undefined) return 'none'
  if (remaining < 0) return 'red'
  return remaining <= 1 ? 'yellow' : 'green'
}

/** The remaining working time in words. */
export function remainingText(remaining: number | null | undefined): string {
  if (remaining === null || remaining === undefined) return t('light.none')
  if (remaining < 0) return t('light.over', { n: -remaining })
  return remaining === 0 ? t('light.today') : t('light.left', { n: remaining })
}

/** Colour, shape and words: the colour alone would not do. */
export function Light({ remaining }: { remaining: number | null | undefined }) {
  return <span className={`light light-${colourOf(remaining)}`}>{remainingText(remaining)}</span>
}
