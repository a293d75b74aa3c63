<?php
// Installs WordPress into an empty database as its own page for that does, and prints an application password of the
// administrator.

define('WP_INSTALLING', true);

$door = new mysqli(null, 'root', '', null, 0, getenv('GRIOT_WP_SOCKET'));
$door->query('CREATE DATABASE wordpress CHARACTER SET utf8mb4');
$door->close();

$_SERVER['HTTP_HOST'] = '127.0.0.1';
require getenv('GRIOT_WP_SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

$made = wp_install('Le journal', 'admin', 'admin@example.test', true, '', bin2hex(random_bytes(16)), '');
// WordPress asks itself over the network whether it may have readable addresses; nobody listens yet.
update_option('permalink_structure', '/%postname%/');
// A clock that no test machine has: what takes local time for UTC shows.
update_option('timezone_string', 'Asia/Kolkata');
flush_rewrite_rules();

[$password] = WP_Application_Passwords::create_new_application_password($made['user_id'], ['name' => 'Griot tests']);
echo $password, "\n";
