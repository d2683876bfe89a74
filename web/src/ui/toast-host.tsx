import { notifications, Notifications } from '@mantine/notifications';
import '@mantine/notifications/styles.css';

/** Where toasts appear; stands once in the app and loads after the first screen. */
export default function ToastHost() {
  return <Notifications position="bottom-center" limit={3} transitionDuration={120} />;
}

export { notifications };
