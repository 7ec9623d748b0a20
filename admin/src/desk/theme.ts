import type { ThemeConfig } from 'antd'

/** antd in the colours of the house; its own fail the contrast of WCAG in places. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#12467f',
    colorInfo: '#12467f',
    colorLink: '#0f54a3',
    colorLinkHover: '#0c3360',
    colorSuccess: '#17633a',
    colorWarning: '#8a5600',
    colorError: '#b3261e',
    colorText: '#17222e',
    colorTextSecondary: '#4a5968',
    colorTextTertiary: '#4a5968',
    colorTextDescription: '#4a5968',
    colorTextPlaceholder: '#5b6b7b',
    colorTextDisabled: '#5b6b7b',
    colorBorder: '#8896a5',
    colorBorderSecondary: '#c9d2dc',
    controlHeight: 36,
    borderRadius: 6,
    fontFamily: "system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif",
    motion: false,
  },
}

/** The nonce of this response, under which antd may add its styles. */
export const nonce = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce
