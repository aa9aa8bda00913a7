# Runs Courier IMAP in a view of the file system of its own, since its paths are compiled in: the unpacked packages lie
# over the system's /usr and /etc, and /run is empty. Only what is below FOLDER outlives it.
#
# Called as: unshare --mount --pid --fork --kill-child sh start.sh FOLDER ROOT LIBRARIES IMAP IMAPS USER_ID GROUP_ID
# FOLDER/users holds the users, one `name:password` a line; FOLDER/both.pem the server's certificate and key.
set -e
folder=$1 root=$2 libraries=$3 imap=$4 imaps=$5 user_id=$6 group_id=$7
courier=/usr/lib/courier

mount --make-rprivate /
# A file system of its own for what is written: an overlay cannot be written to on top of another one.
mkdir -p "$folder/view"
mount -t tmpfs tmpfs "$folder/view"
mkdir "$folder/view/written" "$folder/view/work"
mount -t overlay overlay -o "lowerdir=$root/usr:/usr" /usr
mount -t overlay overlay -o "lowerdir=$root/etc:/etc,upperdir=$folder/view/written,workdir=$folder/view/work" /etc
mount -t tmpfs tmpfs /run
mkdir -p /run/courier/authdaemon
export LD_LIBRARY_PATH="$libraries"

# The user that speaks TLS.
echo "courier:x:$user_id:$group_id::/nonexistent:/usr/sbin/nologin" >>/etc/passwd
echo "courier:x:$group_id:" >>/etc/group

cat >/etc/courier/authdaemonrc <<'END'
authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=2
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
DEFAULTOPTIONS=""
END
mkdir -p "$folder/mail"
while IFS=: read -r name password; do
	home=$folder/mail/$name
	mkdir -p "$home"
	test -d "$home/Maildir" || maildirmake.courier "$home/Maildir"
	hashed=$(echo "$password" | userdbpw -md5)
	printf '%s\tuid=%s|gid=%s|home=%s|mail=%s|systempw=%s\n' \
		"$name" "$user_id" "$group_id" "$home" "$home/Maildir" "$hashed" >>/etc/courier/userdb
done <"$folder/users"
chmod 600 /etc/courier/userdb
makeuserdb
# After a kill: locks hold process numbers, which are other processes' now, and Courier would wait for them.
find "$folder/mail" -path '*/tmp/*' -type f -delete
chown -R "$user_id:$group_id" "$folder/mail"

set -a
. /etc/courier/authdaemonrc
. /etc/courier/imapd
. /etc/courier/imapd-ssl
IMAP_STARTTLS=YES
# Courier looks for new mail this often, in seconds; as installed, once a minute.
IMAP_IDLE_TIMEOUT=2
TLS_CERTFILE=$folder/both.pem
TLS_CACHEFILE= TLS_DHPARAMS= TLS_TRUSTCERTS=
set +a

$courier/courier-authlib/authdaemond &
until test -S /run/courier/authdaemon/socket; do sleep 0.01; done
listen='couriertcpd -address=127.0.0.1 -maxprocs=40 -maxperip=40 -nodnslookup -noidentlookup'
IMAP_TLS=1 $listen "$imaps" /usr/bin/couriertls -server -tcpd $courier/courier/imaplogin /usr/bin/imapd Maildir &
exec $listen "$imap" $courier/courier/imaplogin /usr/bin/imapd Maildir
