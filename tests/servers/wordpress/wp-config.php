<?php
// The settings of the test site. Where it keeps things and how it is called differ from start to start and come from
// the environment.

define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . getenv('GRIOT_WP_SOCKET'));
define('DB_CHARSET', 'utf8mb4');
$table_prefix = 'wp_';

define('WP_HOME', getenv('GRIOT_WP_URL'));
define('WP_SITEURL', getenv('GRIOT_WP_URL'));
define('WP_CONTENT_DIR', getenv('GRIOT_WP_DATA') . '/wp-content');

// Nothing is asked of other machines, nothing happens by itself.
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
// Application passwords without https.
define('WP_ENVIRONMENT_TYPE', 'local');

defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
